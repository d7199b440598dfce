import { placeKey, type Place } from '../../src/rollout/places.js';
import type { RolloutStatus } from '../../src/rollout/states/statuses.js';
import { regionHoldsSignal, type RegionHolds } from '../messages/region.js';
import { tell } from '../tell.js';
import type { OpenRegion, RolloutRun } from './run.js';

/** In these nothing new starts anywhere; what soaks is watched on, and its clock runs. */
const heldIn: readonly RolloutStatus[] = ['held', 'stuck', 'rolling-back'];

/** While a soak anywhere in the rollout is in doubt, nothing new starts. */
export const isHeldBySoak = ({ waitingFor }: Pick<RolloutRun['view'], 'waitingFor'>): boolean => waitingFor.some(({ type }) => type === 'soak');

/** Everything that keeps one place from starting anything new. */
export const regionHolds = (run: RolloutRun, { region }: Place): RegionHolds => ({
  freezes: run.holds.freezes,
  drained: run.holds.drained[region] ?? null,
  isPaused: run.isPaused,
  isHeld: heldIn.includes(run.view.status) || run.holds.block !== null || isHeldBySoak(run.view),
  newer: run.newer ?? null,
});

/** Tells each region at work what holds it now, when that is not what it was told last. */
export function syncRegions(run: RolloutRun): void {
  for (const open of Object.values(run.open)) syncRegion(run, open);
}

/** A region is open from here on: what has changed since its input was made follows at once. */
export function openRegion(run: RolloutRun, open: OpenRegion): void {
  run.open[placeKey(open.place)] = open;
  syncRegion(run, open);
}

function syncRegion(run: RolloutRun, open: OpenRegion): void {
  const holds = regionHolds(run, open.place);
  const text = JSON.stringify(holds);
  if (open.told === text) return;
  open.told = text;
  void tell(open.handle, regionHoldsSignal, holds);
}
