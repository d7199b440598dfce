import { setHandler, workflowInfo } from '@temporalio/workflow';
import type { SoakWork } from '../../activities/work.js';
import { soakNewsSignal } from '../../workflows/messages/region.js';
import { soakQueueOf } from '../../workflows/task-queues.js';
import { soakWatches } from '../../workflows/timeouts.js';

/** A region that only soaks: the watch as workflows/region/soak.ts starts it, until somebody ends the workflow. */
export async function soaking(work: Omit<SoakWork, 'workflowId'>): Promise<void> {
  const { workflowId, taskQueue } = workflowInfo();
  const interval = work.settings.soak.intervalMs;
  setHandler(soakNewsSignal, () => {});
  await soakWatches.watchSoak.executeWithOptions(
    { taskQueue: soakQueueOf(taskQueue), retry: { initialInterval: interval, maximumInterval: interval, backoffCoefficient: 1 } },
    [{ ...work, workflowId }],
  );
}
