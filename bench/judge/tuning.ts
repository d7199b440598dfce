import { shareOf, type Share } from './statistics.js';

/** How strict a peer must be to ring as rarely as Meridian does. */
export interface Tuned {
  strictness: number;
  /** Its false rollbacks on the training half with that. */
  rings: Share;
}

/** Peers are never asked to ring less often than this, however rarely Meridian does. */
export const leastTarget = 0.01;

/**
 * The smallest strictness with which a peer fails at most a share `target` of these good soaks. `criticals`: for each soak the smallest at which
 * it does not fail; Infinity where no allowed strictness saves it.
 */
export function tune(criticals: readonly number[], target: number, strictest: number): Tuned {
  const descending = criticals.toSorted((a, b) => b - a);
  const allowed = Math.floor(target * descending.length);
  const strictness = Math.min(strictest, descending[allowed] ?? strictest);
  return { strictness, rings: shareOf(descending.filter((critical) => critical > strictness).length, descending.length) };
}
