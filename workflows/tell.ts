import { CancellationScope, log, type BaseWorkflowHandle, type SignalDefinition, type Workflow } from '@temporalio/workflow';

/**
 * Signals another workflow of ours. One that is gone (terminated by a person, or a test without it) is logged and never stops the
 * teller: a rollout must be able to end without its pipeline, and to undo without anybody.
 */
export function tell<T>(handle: Pick<BaseWorkflowHandle<Workflow>, 'workflowId' | 'signal'>, signal: SignalDefinition<[T]>, message: T): Promise<void> {
  return CancellationScope.nonCancellable(async () => {
    try {
      await handle.signal(signal, message);
    } catch (error) {
      log.warn('a workflow could not be told', { workflowId: handle.workflowId, signal: signal.name, error: String(error) });
    }
  });
}
