import type { FreezeScope } from '../../src/rollout/schema/freeze.js';
import type { CalendarState } from '../messages/calendar.js';

/** What the Temporal UI shows of the calendar, as Markdown. */
export function calendarDetails({ freezes, blocks }: CalendarState): string {
  const held = freezes.flatMap(({ name, holds }) => holds.map((hold) =>
    `| ${name} | ${hold.owner} | ${scopeText(hold.scope)} | ${hold.from} | ${hold.to ?? 'until it is lifted'} | ${hold.reason} |`));
  const blocked = blocks.map(({ name, version, digest, pipelines, by, reason }) =>
    `| ${name} | ${[version, digest].filter(Boolean).join(' ')} | ${pipelines?.join(', ') ?? 'all'} | ${by} | ${reason} |`);
  return [
    ...(held.length === 0 ? ['Nothing is frozen.'] : ['| freeze | held by | scope | from | to | reason |', '|---|---|---|---|---|---|', ...held]),
    '',
    ...(blocked.length === 0 ? ['Nothing is blocked.'] : ['| block | release | pipelines | by | reason |', '|---|---|---|---|---|', ...blocked]),
  ].join('\n');
}

const scopeText = (scope: FreezeScope): string =>
  scope === 'all' ? 'all' : Object.entries(scope).map(([kind, names = []]) => `${kind} ${names.join(', ')}`).join('; ');
