import type { Outcome } from './outcome.js';
import type { SimulatedSoak } from './simulator/world.js';

/** Nobody decides before the warm-up is over (min). */
export const graceMinutes = 3;

const bar = Math.log(200);

/**
 * LIMIT: knows how bad the release is, since when, and every region's noise at every moment, and adds up the likelihood ratio until it is 200
 * to 1 (Wald's sequential test). Nobody who has to estimate any of this is faster in the mean at the same error rate. `from` is the minute
 * that it begins to count at: 0, or the end of the grace, to be compared with who must wait for it.
 */
export function limitOf({ soak, looks, evidence, bad }: SimulatedSoak, from: number): Outcome {
  const outcome: Outcome = { failed: null, held: null, passed: null, safe: null, proven: null, bad: 0, why: [] };
  let sum = 0;
  for (const [at, look] of looks.entries()) {
    const minute = (look.t - soak.deployAt) / 60;
    outcome.bad += bad[at] ?? 0;
    if (minute > from) sum += evidence[at] ?? 0;
    if (sum < bar) continue;
    outcome.failed = minute;
    break;
  }
  return outcome;
}
