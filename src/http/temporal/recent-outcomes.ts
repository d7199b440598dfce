import type { Schedule } from '../../rollout/schema/schedule.js';
import type { ScheduledRolloutMemo } from '../../../workflows/memo.js';
import type { Reach } from './reach.js';
import { quoted } from './visibility.js';

/** Runs that are shown: those that run, then those that ended last. */
const runsShown = 5;

/** What became of the last times of a schedule: the rollout that each started, or why it started none. Without a worker; a moment behind. */
export function recentOutcomes(reach: Reach, id: string): Promise<Schedule['recent']> {
  const { workflow } = reach.client;
  return reach.store(async () => {
    const recent: Schedule['recent'] = [];
    for await (const run of workflow.list({ query: `TemporalScheduledById=${quoted(id)}`, pageSize: runsShown })) {
      if (recent.length === runsShown) break;
      const { outcome = unfinished(run.status.name) } = (run.memo ?? {}) as Partial<ScheduledRolloutMemo>;
      recent.push({ at: run.startTime.toISOString(), outcome });
    }
    return recent;
  });
}

const unfinished = (status: string): string =>
  (status === 'RUNNING' ? 'is being started' : `started none: its workflow was ${status.toLowerCase().replaceAll('_', ' ')} in Temporal`);
