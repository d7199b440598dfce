/** A row of customers as it should be, by what `splitName` says. */
export interface Names {
  name: string | null;
  given_name: string | null;
  family_name: string | null;
}

/** One write of a client; a part that it does not write is undefined. */
export type NamesWrite = { by: 'old'; name: string | null } | { by: 'new'; given_name?: string; family_name?: string | null };

type Parts = Pick<Names, 'given_name' | 'family_name'>;

export const partsOf = (name: string | null): Parts => {
  if (name === null) return { given_name: null, family_name: null };
  const given_name = name.split(' ', 1)[0]!;
  return { given_name, family_name: name.slice(given_name.length + 1) || null };
};

const wholeOf = ({ given_name, family_name }: Parts): string => [given_name, family_name].filter((part) => part !== null).join(' ');

export function inserted(write: NamesWrite): Names {
  if (write.by === 'old') return { name: write.name, ...partsOf(write.name) };
  const parts = { given_name: write.given_name ?? null, family_name: write.family_name ?? null };
  return parts.given_name === null && parts.family_name === null ? { name: null, ...parts } : { name: wholeOf(parts), ...parts };
}

export function updated(row: Names, write: NamesWrite): Names {
  if (write.by === 'old') return write.name === row.name ? row : { name: write.name, ...partsOf(write.name) };
  const { given_name = row.given_name, family_name = row.family_name } = write;
  if (given_name === row.given_name && family_name === row.family_name) return row;
  const rest = isUnfilled(row) ? partsOf(row.name) : row;
  const parts = {
    given_name: given_name === row.given_name ? rest.given_name : given_name,
    family_name: family_name === row.family_name ? rest.family_name : family_name,
  };
  return { name: wholeOf(parts), ...parts };
}

const isUnfilled = (row: Names): boolean => row.given_name === null && row.family_name === null && row.name !== wholeOf(row);

/** One side follows from the other. */
export const isInStep = (row: Names): boolean => {
  const parts = partsOf(row.name);
  return wholeOf(row) === row.name || (parts.given_name === row.given_name && parts.family_name === row.family_name);
};
