import { CancellationScope, log, type BaseWorkflowHandle, type SignalDefinition, type Workflow } from '@temporalio/workflow';

type Told = Pick<BaseWorkflowHandle<Workflow>, 'workflowId' | 'signal'>;

/**
 * Signals another workflow of ours. One that is gone (terminated by a person, or a test without it) is logged and never stops the
 * teller: a rollout must be able to end without its pipeline, and to undo without anybody.
 */
export async function tell<T>(handle: Told, signal: SignalDefinition<[T]>, message: T): Promise<void> {
  await isTold(handle, signal, message);
}

/** The same; false when it is gone. */
export function isTold<T>(handle: Told, signal: SignalDefinition<[T]>, message: T): Promise<boolean> {
  return CancellationScope.nonCancellable(async () => {
    try {
      await handle.signal(signal, message);
      return true;
    } catch (error) {
      log.warn('a workflow could not be told', { workflowId: handle.workflowId, signal: signal.name, error: String(error) });
      return false;
    }
  });
}
