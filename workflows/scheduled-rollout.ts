import { upsertMemo } from '@temporalio/workflow';
import type { ScheduledWork } from '../activities/work.js';
import { failureOf, isExpected } from './failures.js';
import type { ScheduledRolloutMemo } from './memo.js';
import { schedules } from './timeouts.js';

/**
 * One time of a schedule has come: a Temporal Schedule starts this workflow. It answers, and keeps in its memo, which rollout it has
 * started, or why none. A time that starts nothing is an outcome, no failure: the next one comes.
 */
export async function scheduledRollout(work: ScheduledWork): Promise<string> {
  const outcome = await start(work);
  upsertMemo({ outcome } satisfies ScheduledRolloutMemo);
  return outcome;
}

async function start(work: ScheduledWork): Promise<string> {
  try {
    return await schedules.startScheduled.executeWithOptions({ summary: `${work.schedule} starts a rollout of ${work.pipeline}` }, [work]);
  } catch (error) {
    if (!isExpected(error)) throw error;
    return `started none: ${failureOf(error, `starting a rollout of ${work.pipeline}`).message}`;
  }
}
