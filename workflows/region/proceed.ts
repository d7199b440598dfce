import { CancellationScope, condition } from '@temporalio/workflow';
import { freezesAt } from '../../src/rollout/control/freezes.js';
import { untilTrue, type Frozen } from '../holds.js';
import { nameOf, type RegionRun } from './run.js';

/** Thrown where a region has not been touched yet and a newer rollout takes over: it is left to that one. */
export class LeftToNewer extends Error {
  override readonly name = 'LeftToNewer';
}

/** Nothing new starts and the clock of the soak stands still: the rollout is paused, the place frozen, or the region drained. */
export const isStill = (run: RegionRun): boolean => run.isPaused || run.holds.drained !== null || isFrozen(run);

const isFrozen = (run: RegionRun): boolean => freezesAt(run.holds.freezes, run.input, Date.now()).length > 0;

/** The freezes that this place is held against. */
export const frozen = (run: RegionRun): Frozen => ({ freezes: () => run.holds.freezes, places: () => [run.input] });

/**
 * Returns when something new may start here, true when it had to wait. Before every new step; never before an undo. Throws `LeftToNewer`.
 */
export async function mayProceed(run: RegionRun): Promise<boolean> {
  const hadToWait = await untilTrue(() => !isStill(run) || run.newer !== undefined, frozen(run), `a freeze of ${nameOf(run)} begins or ends`);
  if (run.newer !== undefined) throw new LeftToNewer(`left to ${run.newer}`);
  // A stop that came while nothing was awaited counts before the next step, not after it.
  if (CancellationScope.current().consideredCancelled) await condition(() => false);
  return hadToWait;
}
