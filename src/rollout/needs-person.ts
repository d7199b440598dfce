import type { Rollout } from './schema/rollout.js';

/** True when nothing more happens until a person decides: the rollout waits, and no region of it is still going back by itself. */
export const needsPerson = ({ status, regions }: Pick<Rollout, 'status' | 'regions'>): boolean =>
  ['waiting', 'paused', 'held', 'stuck'].includes(status) && !regions.some((region) => region.status === 'rolling-back');
