import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { calendarWorkflowId } from './rollout/ids.js';

/** Of one attempt to start it. */
const deadlineMs = 10_000;

const pauseMs = { first: 1_000, longest: 60_000 };

/**
 * Sees to it that the calendar runs, in the background: a worker does its work without one, too. Starting it is safe from many workers at
 * once, as there is one of its id; a Temporal that refuses is asked again, less and less often, until `stop`, which waits for the end.
 */
export function keepCalendar(client: Client, taskQueue: string, logger: Logger): { stop(): Promise<void> } {
  const stopper = new AbortController();
  const kept = startUntilDone(client, taskQueue, logger, stopper.signal);
  return {
    stop() {
      stopper.abort();
      return kept;
    },
  };
}

async function startUntilDone(client: Client, taskQueue: string, logger: Logger, signal: AbortSignal): Promise<void> {
  for (let pause = pauseMs.first; !signal.aborted; pause = Math.min(2 * pause, pauseMs.longest)) {
    try {
      await client.withDeadline(Date.now() + deadlineMs, () => client.withAbortSignal(signal, () => startCalendar(client, taskQueue)));
      return;
    } catch (error) {
      if (signal.aborted) return;
      logger.warn({ err: error }, `the calendar of freezes and blocks cannot be started; the next attempt follows in ${pause / 1_000} s`);
    }
    await sleep(pause, undefined, { signal }).catch(() => undefined); // cut short by the signal, which the loop sees
  }
}

async function startCalendar(client: Client, taskQueue: string): Promise<void> {
  await client.workflow.start('calendar', {
    workflowId: calendarWorkflowId,
    taskQueue,
    args: [],
    workflowIdConflictPolicy: 'USE_EXISTING',
    staticSummary: 'the calendar: freezes and blocks, and the pipelines that are told of them',
  });
}
