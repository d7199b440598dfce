import type { RolloutSummary } from '../rollout/schema/rollout.js';
import { isTerminal } from '../rollout/statuses.js';
import type { Colours } from './context.js';
import { seconds } from './figures.js';
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
export function renderOverview({ running, finished }: RolloutOverview, { width, colours, now }: { width: number; colours: Colours; now: number }): string {
  const lines = alignColumns(running.map((rollout) => cells(rollout, colours, `since ${ago(rollout.createdAt, now)}`)));
  const underWay = running.flatMap((rollout, at) => [lines[at]!, ...wrap(rollout.why, width, '    ').map(colours.dim)]);
  const ended = alignColumns(finished.map((rollout) => cells(rollout, colours, `${ago(rollout.finishedAt ?? rollout.createdAt, now)} ago`)));
  return [
    ...(running.length === 0 ? ['No rollout is under way.'] : underWay),
    ...(finished.length === 0 ? [] : ['', colours.bold('Finished'), ...ended]),
  ].join('\n');
}

function cells(rollout: RolloutSummary, colours: Colours, time: string): string[] {
  const mark = rolloutMarks[rollout.status];
  return [
    `${paint(colours, mark, mark.symbol)} ${rollout.id}`,
    `${rollout.pipeline} ${rollout.release}`,
    paint(colours, mark, rollout.status),
    rollout.phase ?? '',
    colours.dim(`${time}, by ${rollout.startedBy}`),
  ];
}

const ago = (time: string, now: number): string => seconds(Math.max(0, now - Date.parse(time)));
