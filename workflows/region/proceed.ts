import { CancellationScope, condition } from '@temporalio/workflow';
import type { RegionRun } from './run.js';

/** Returns when nobody has paused the rollout. Before every new step; never before an undo. Costs no event, for days. */
export async function mayProceed(run: RegionRun): Promise<void> {
  if (run.isPaused) await condition(() => !run.isPaused);
  // A stop that came while nothing was awaited counts before the next step, not after it.
  if (CancellationScope.current().consideredCancelled) await condition(() => false);
}
