import type { MissingVariable } from '../rollout/schema/missing.js';
import { placeName } from './place-name.js';
import type { TableOptions } from './render-options.js';
import { hanging, printable, wrap } from './text-columns.js';

/** What is missing, variable by variable: what people call it, what to give, and where. */
export function renderMissing(missing: MissingVariable[], options: TableOptions): string {
  if (missing.length === 0) return 'Nothing is missing.';
  const names = [...new Set(missing.map(({ variable }) => variable))];
  return names.map((name) => variableLines(missing.filter(({ variable }) => variable === name), options).join('\n')).join('\n\n');
}

function variableLines(places: MissingVariable[], { width, colours }: TableOptions): string[] {
  const [{ variable, label, help, type, options, secret }] = places as [MissingVariable];
  const kind = options === undefined ? type : `one of ${options.join(', ')}`;
  return [
    `${colours.bold(variable)}${label === undefined ? '' : `  ${printable(label)}`}`,
    ...(help === undefined ? [] : wrap(help, width, '  ')),
    ...hanging('  type   ', printable(secret ? `${kind}, given by reference` : kind), width),
    ...hanging('  place  ', places.map((place) => `${place.environment}/${placeName(place)}`).join(', '), width),
  ];
}
