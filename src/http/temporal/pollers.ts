import type { Client } from '@temporalio/client';

type Service = Client['workflow']['workflowService'];
type TaskQueueType = NonNullable<Parameters<Service['describeTaskQueue']>[0]['taskQueueType']>;

/** Kinds of tasks, as Temporal numbers them: the enum is in a package that comes only with others. */
// oxlint-disable-next-line typescript/no-unsafe-enum-assignment
const taskQueueTypes: Record<'workflows' | 'activities', TaskQueueType> = { workflows: 1, activities: 2 };
type Work = keyof typeof taskQueueTypes;

/** A worker begins a new long poll within a minute; one that was not seen for longer is gone. Temporal itself lists it for five minutes. */
const seenWithinMs = 75_000;

/** How many workers have asked for this kind of work lately. */
export async function countPollers({ workflow }: Client, taskQueue: string, work: Work): Promise<number> {
  const { pollers } = await workflow.workflowService.describeTaskQueue({
    namespace: workflow.options.namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: taskQueueTypes[work],
  });
  const since = Date.now() - seenWithinMs;
  return (pollers ?? []).filter(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1_000 > since).length;
}
