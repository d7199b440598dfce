import { CancellationScope, condition } from '@temporalio/workflow';
import { freezesAt } from '../../src/rollout/control/freezes.js';
import { untilTrue, type Frozen } from '../holds.js';
import { nameOf, type RegionRun } from './run.js';

/** Thrown where nothing is under way and the region is left as it is: to a newer rollout, or because it is drained. */
export class LeftAlone extends Error {
  override readonly name = 'LeftAlone';
}

/** The clock of the soak stands still: the rollout is paused, the place frozen, or the region drained. */
export const isStill = ({ holds, input }: RegionRun): boolean =>
  holds.isPaused || holds.drained !== null || freezesAt(holds.freezes, input, Date.now()).length > 0;

/** Nothing new starts here: the same, and whatever holds the whole rollout. */
const mustWait = (run: RegionRun): boolean => isStill(run) || run.holds.isHeld;

/** A person goes on without this region while it is drained. */
const isSkipped = ({ holds, inbox }: RegionRun): boolean => holds.drained !== null && inbox.some(({ kind }) => kind === 'skip');

/** Nobody waits for the soak any more: a newer rollout takes over, or a person goes on without the region. */
export const isLeftBehind = (run: RegionRun): boolean => run.holds.newer !== null || isSkipped(run);

/** The same before the soak. Drained after its deploy, a region stays in the rollout; before it, it stands back in the line. */
const isLeftAlone = (run: RegionRun): boolean => isLeftBehind(run) || (run.holds.drained !== null && run.undo.length === 0);

/** The freezes that this place is held against. */
export const frozen = (run: RegionRun): Frozen => ({ freezes: () => run.holds.freezes, places: () => [run.input] });

/** Whoever waits for something else looks here too: true when the waiting is in vain. */
export const isGivenUp = (run: RegionRun): boolean => isLeftAlone(run);

/** Returns when something new may start here, true when it had to wait. Before every new step; never before an undo. Throws `LeftAlone`. */
export async function mayProceed(run: RegionRun): Promise<boolean> {
  const hadToWait = await untilTrue(() => !mustWait(run) || isLeftAlone(run), frozen(run), `a freeze of ${nameOf(run)} begins or ends`);
  leaveIfInVain(run);
  // A stop that came while nothing was awaited counts before the next step, not after it.
  if (CancellationScope.current().consideredCancelled) await condition(() => false);
  return hadToWait;
}

/** Throws `LeftAlone` where a newer rollout takes over, or the region was drained before anything was changed. */
export function leaveIfInVain(run: RegionRun): void {
  const { newer, drained } = run.holds;
  if (isLeftAlone(run)) throw new LeftAlone(newer === null ? `drained (${drained}): its turn comes again at the end` : `left to ${newer}`);
}
