import stringWidth from 'string-width';
import type { Timetable } from '../rollout/schema/plan.js';
import { localSpan } from './local-time.js';
import { placeName } from './place-name.js';
import type { TableOptions } from './render-options.js';
import { alignColumns, printable, wrap } from './text-columns.js';

/** When each region is expected to start and to be done, in the order of the walk, by the reader's clock. */
export function plannedTimes({ regions }: Timetable, { width, colours, timezone }: TableOptions): string[] {
  if (regions.length === 0) return [];
  const lines = alignColumns(regions.map((each, at) => [
    `  ${regions[at - 1]?.environment === each.environment ? '' : each.environment}`,
    placeName(each),
    `${localSpan(each.start, each.end, timezone)}${each.isGuess ? ' *' : ''}`,
  ]));
  return [
    `${colours.bold('Expected times')} ${colours.dim(`(${timezone})`)}`,
    ...lines.flatMap((line, at) => withReason(line, regions[at]!.waits, width)),
    ...(regions.some(({ isGuess }) => isGuess) ? [colours.dim('  * no deploy has been seen there: its time is a guess')] : []),
  ];
}

/** What it waits for: beside the time where there is room, otherwise below it. */
function withReason(line: string, waits: string | undefined, width: number): string[] {
  if (waits === undefined) return [line];
  const beside = `${line}  ${printable(waits)}`;
  return stringWidth(beside) <= width ? [beside] : [line, ...wrap(waits, width, ' '.repeat(reasonIndent))];
}

const reasonIndent = 16;
