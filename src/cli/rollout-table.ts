import type { RolloutSummary } from '../rollout/schema/rollout.js';
import { isTerminal } from '../rollout/states/statuses.js';
import type { Colours } from './context.js';
import { seconds } from './figures.js';
import { localTime } from './local-time.js';
import { overrideLines } from './override-lines.js';
import type { RenderOptions } from './render-options.js';
import { deedOf } from './rollout-deed.js';
import { paint, rolloutMarks } from './status-marks.js';
import { alignColumns, wrap } from './text-columns.js';

/** How many finished rollouts are shown below those that are under way. */
const finishedShown = 5;

export interface RolloutOverview {
  running: RolloutSummary[];
  finished: RolloutSummary[];
}

/** Those under way, and the last that have finished; both newest first, as they came. */
export const overviewOf = (rollouts: RolloutSummary[]): RolloutOverview => ({
  running: rollouts.filter(({ status }) => !isTerminal(status)),
  finished: rollouts.filter(({ status }) => isTerminal(status)).slice(0, finishedShown),
});

/** The overview as a person reads it. */
export function renderOverview({ running, finished }: RolloutOverview, options: RenderOptions): string {
  const { width, colours, now } = options;
  const lines = alignColumns(running.map((rollout) => cells(rollout, colours, timeOf(rollout, options))));
  const underWay = running.flatMap((rollout, at) => [
    lines[at]!, ...wrap(rollout.why, width, '    ').map(colours.dim), ...overrideLines(rollout.overrides, options, '    '),
  ]);
  const ends = alignColumns(finished.map((rollout) => cells(rollout, colours, `${ago(rollout.finishedAt ?? rollout.createdAt, now)} ago, by ${rollout.startedBy}`)));
  const ended = finished.flatMap((rollout, at) => [ends[at]!, ...overrideLines(rollout.overrides, options, '    ')]);
  return [
    ...(running.length === 0 ? ['No rollout is under way.'] : underWay),
    ...(finished.length === 0 ? [] : ['', colours.bold('Finished'), ...ended]),
  ].join('\n');
}

function timeOf({ status, startAt, createdAt, startedBy }: RolloutSummary, { now, timezone }: RenderOptions): string {
  const time = status === 'scheduled' && startAt !== undefined ? `starts ${localTime(startAt, timezone)}` : `since ${ago(createdAt, now)}`;
  return `${time}, by ${startedBy}`;
}

function cells(rollout: RolloutSummary, colours: Colours, time: string): string[] {
  const mark = rolloutMarks[rollout.status];
  return [
    `${paint(colours, mark, mark.symbol)} ${rollout.id}`,
    deedOf(rollout),
    paint(colours, mark, rollout.status),
    rollout.phase ?? '',
    colours.dim(`${rollout.lane === 'hotfix' ? 'hot-fix, ' : ''}${time}`),
  ];
}

const ago = (time: string, now: number): string => seconds(Math.max(0, now - Date.parse(time)));
