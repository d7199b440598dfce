import { CancellationScope, type WorkflowInterceptors } from '@temporalio/workflow';

/**
 * For workflows on the time-skipping server: no timer is cancelled there, whoever cancels it only waits for it no more. That server refuses
 * a cancellation when the timer fires while the task that cancels it is under way, and forgets the whole task: the workflow gets none ever
 * again, and no time is skipped (1.38.0; temporalio/sdk-java#3088 and #2606, mended by the open #3060). A real server takes it. It is no rare
 * moment: when a freeze ends, the calendar tells everybody, whose own timers for the same end are about to fire.
 */
export const interceptors = (): WorkflowInterceptors => ({
  outbound: [
    {
      startTimer: async (input, next) => {
        const { consideredCancelled, cancelRequested } = CancellationScope.current();
        if (consideredCancelled) return next(input); // it is never started
        return Promise.race([CancellationScope.nonCancellable(() => next(input)), cancelRequested]);
      },
    },
  ],
});
