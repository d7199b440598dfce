import { CancellationScope, condition } from '@temporalio/workflow';
import type { Place } from '../../src/rollout/places.js';
import { isFrozen } from './follow-holds.js';
import type { RolloutRun } from './run.js';
import { isHeldBySoak } from './sync-regions.js';

/**
 * Returns when something new may start in all of these places, true when it had to wait: never while the rollout is paused, held or
 * stopped, while a newer one takes over, or during a freeze. When a freeze ends by the clock, followHolds wakes the rollout.
 */
export async function mayStart(run: RolloutRun, places: Place[]): Promise<boolean> {
  const isFree = (): boolean =>
    (run.view.status === 'running' || run.view.status === 'waiting') && run.newer === undefined && run.holds.block === null && !isHeldBySoak(run.view)
    && places.every((place) => !isFrozen(run, place));
  const hadToWait = !isFree();
  if (hadToWait) await condition(isFree);
  // A stop that came while nothing was awaited counts before the next start, not after it.
  if (CancellationScope.current().consideredCancelled) await condition(() => false);
  return hadToWait;
}
