import type { CheckResult } from '../schema/rollout.js';

/** Evidence of regions before, as the logarithm of M by check; a check that is not there has none, which is M = 1. */
export type Carried = Record<string, number>;

/** A region that has passed its soak: what it was given, and what its checks said in the end, the given evidence in it. */
export interface PassedRegion {
  carried: Carried;
  checks: Pick<CheckResult, 'name' | 'logE'>[];
}

/**
 * What the next region is given after these have passed, in the order in which they did. Each makes M into ½·M·E + ½·E of its own E, as its
 * judge does too: one half bets that the regions before had a point, the other one that they had not. Regions that soaked side by side were
 * given the same M; what each has added to it is counted once.
 */
export function carriedAfter(passed: PassedRegion[]): Carried {
  let after: Carried = {};
  for (const { carried, checks } of passed) {
    const added = checks.filter(({ logE }) => Number.isFinite(logE))
      .map(({ name, logE }): [string, number] => [name, logE - halfOf(carried[name]) + halfOf(after[name])]);
    after = { ...after, ...Object.fromEntries(added) };
  }
  return after;
}

/** log(½·M + ½) of log M. */
function halfOf(logM = 0): number {
  const larger = Math.max(0, logM);
  return larger + Math.log(Math.exp(logM - larger) + Math.exp(-larger)) - Math.LN2;
}
