import type { Rollout } from '../../rollout/schema/rollout.js';
import { isTerminal, type RegionStatus } from '../../rollout/states/statuses.js';
import { exitCodeOf } from '../exit-codes.js';

/** Statuses in which a region changes without anybody doing anything. */
const moving: readonly RegionStatus[] = ['expanding', 'draining', 'deploying', 'verifying', 'shifting', 'soaking', 'contracting', 'rolling-back'];

/**
 * Whether a rollout has come to rest: it has ended, or needs a person and no region moves any more. A rollout is held at once when a
 * region fails, while the region is still being rolled back, and others of its wave may still soak.
 */
export function isSettled(rollout: Pick<Rollout, 'status' | 'regions' | 'waitingFor'>): boolean {
  const { status, regions } = rollout;
  if (isTerminal(status)) return true;
  // A pause stops the regions where they are.
  const mayRest: readonly RegionStatus[] = status === 'paused' ? moving.filter((each) => each !== 'rolling-back') : [];
  return exitCodeOf(rollout) !== undefined && regions.every((region) => !moving.includes(region.status) || mayRest.includes(region.status));
}
