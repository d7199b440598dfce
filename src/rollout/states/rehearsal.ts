import type { RolloutEvent } from './rollout-states.js';
import type { Rollout } from '../schema/rollout.js';
import type { RegionStatus } from './statuses.js';

const goesBack: readonly RegionStatus[] = ['rolling-back', 'stuck'];
/** A region that stands still until a person decides. */
export const needsAnswer: readonly RegionStatus[] = ['held', 'rolled-back', 'failed'];

/**
 * What it means for a rollout that the undo which a region has rehearsed works. Nothing, as long as no undo was stuck, and while another
 * one is on its way. After the last stuck one the walk goes on by itself, unless somebody had paused it or something had failed before:
 * that was not what the person has answered who said retry, so a person is asked again.
 */
export function afterRehearsal({ status, regions }: Pick<Rollout, 'status' | 'regions'>, isPaused: boolean): Extract<RolloutEvent, 'rehearsed' | 'region-failed'> | undefined {
  if (status !== 'rolling-back' || regions.some((region) => goesBack.includes(region.status))) return undefined;
  return isPaused || regions.some((region) => needsAnswer.includes(region.status)) ? 'region-failed' : 'rehearsed';
}
