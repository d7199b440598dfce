/** Whose secrets must not show. */
export interface Secrets {
  variables: Record<string, string>;
  secretNames: string[];
}

/** Shorter values are everywhere in a text: taking them out would hide nothing and garble everything. */
const shortestSecret = 4;

/**
 * What a region said, fit for a message that people read and that stays in the history: one line of at most `length` characters,
 * without control characters (they would drive a terminal) and without the values of secret variables.
 */
export function excerpt(text: string, secrets: Secrets, length = 500): string {
  const line = redact(text, secrets).replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return line.length <= length ? line : `${line.slice(0, length).trimEnd()}…`;
}

function redact(text: string, { variables, secretNames }: Secrets): string {
  const spellings = secretNames
    .flatMap((name) => (Object.hasOwn(variables, name) ? spellingsOf(variables[name]!) : []))
    .filter((value) => value.length >= shortestSecret)
    // A secret that holds another one goes first.
    .toSorted((a, b) => b.length - a.length);
  return spellings.reduce((rest, value) => rest.replaceAll(value, '***'), text);
}

const spellingsOf = (value: string): string[] => [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)];
