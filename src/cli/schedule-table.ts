import type { Schedule } from '../rollout/schema/schedule.js';
import { localTime } from './local-time.js';
import type { TableOptions } from './render-options.js';
import { hanging, printable } from './text-columns.js';

/** Schedules as a person reads them. Next and past times are by the reader's clock, the cron expression by its own. */
export function renderSchedules(schedules: Schedule[], options: TableOptions): string {
  if (schedules.length === 0) return 'Nothing is scheduled.';
  return schedules.map((schedule) => scheduleLines(schedule, options).join('\n')).join('\n\n');
}

function scheduleLines(schedule: Schedule, { width, colours, timezone }: TableOptions): string[] {
  const { name, pipeline, release, to, cron, timezone: zone, rehearse, paused, reason, by, next, recent } = schedule;
  const what = 'version' in release ? release.version : `what is verified in ${release.verifiedIn}`;
  const lines: [string, string][] = [
    ['ships', `${what}${to === undefined ? '' : ` as far as ${to}`}${rehearse ? ', rehearsed' : ''}, by ${by}: ${reason}`],
    ['at', `${cron} (${zone})`],
    ['next', paused ? 'paused: it starts nothing' : next.map((time) => localTime(time, timezone)).join(', ')],
    ...recent.map(({ at, outcome }): [string, string] => ['past', `${localTime(at, timezone)}: ${outcome}`]),
  ];
  return [`${colours.bold(name)}  ${pipeline}`, ...lines.flatMap(([label, text]) => hanging(`  ${label.padEnd(5)}  `, printable(text), width))];
}
