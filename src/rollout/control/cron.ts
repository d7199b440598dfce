interface Field {
  name: string;
  min: number;
  max: number;
  /** Names that stand for numbers, the first one for `min`; their first three letters do, too. */
  names?: string[];
}

const months = [
  'january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december',
];
const days = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** The fields of a cron text, in their order. */
const fields: Field[] = [
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day of the month', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12, names: months },
  { name: 'day of the week', min: 0, max: 7, names: days },
];

/** Everything that is wrong with a cron text of five fields, in words; undefined when nothing is. */
export function cronProblem(cron: string): string | undefined {
  const texts = cron.trim().split(/\s+/);
  if (texts.length !== fields.length) {
    return `write five fields (${fields.map(({ name }) => name).join(', ')}), such as \`0 2 * * mon-fri\`; these are ${texts.length}`;
  }
  const problems = fields.flatMap((field, index) => texts[index]!.split(',').flatMap((part) => inField(field, partProblem(field, part))));
  return problems.length > 0 ? problems.join('; ') : undefined;
}

const inField = ({ name }: Field, problem: string | undefined): string[] => (problem === undefined ? [] : [`${name}: ${problem}`]);

/** `*`, `5`, `mon-fri`, each with a step after a slash if it likes. */
function partProblem(field: Field, part: string): string | undefined {
  const [range = '', ...steps] = part.split('/');
  if (steps.length > 1 || steps.some((step) => !/^[1-9]\d*$/.test(step))) return `${part} has no whole number after its slash`;
  return range === '*' ? undefined : rangeProblem(field, range);
}

function rangeProblem(field: Field, range: string): string | undefined {
  const ends = range.split('-').map((end) => numberOf(field, end));
  if (ends.length > 2 || ends.includes(undefined)) return `${range === '' ? 'nothing' : range} is not ${allowed(field)}`;
  const [from = 0, to = from] = ends;
  return to < from ? `${range} ends before it begins` : undefined;
}

function numberOf({ min, max, names = [] }: Field, text: string): number | undefined {
  const index = names.findIndex((name) => [name, name.slice(0, 3)].includes(text.toLowerCase()));
  const number = index >= 0 ? min + index : /^\d+$/.test(text) ? Number(text) : undefined;
  return number !== undefined && number >= min && number <= max ? number : undefined;
}

const allowed = ({ min, max, names }: Field): string =>
  `*, or ${min} to ${max}${names ? ` or ${names[0]!.slice(0, 3)} to ${names.at(-1)!.slice(0, 3)}` : ''}, or a range of them`;
