import type { Comparison } from './evidence/comparison.js';
import { quantile } from './evidence/replays.js';

/** Evidence that fails a check, as a logarithm: 200 : 1. */
export const failBar = Math.log(200);
/** What was bad once, a release that was rolled back say, makes nobody blind: the bar rises to 10,000 : 1 at most. */
const mostHandicap = Math.log(50);
/** Where the noise was not learned the bar is higher. */
const unlearnedBar = Math.log(1000);

/** By how much the bar of a check lies above the usual one: where the past has shown as much by chance, or taught too little. */
export function handicapOf(comparison: Comparison | null): number {
  if (comparison === null || !comparison.noise.isLearned) return unlearnedBar - failBar;
  return Math.max(0, Math.min(mostHandicap, quantile([...comparison.replays], 0.995) - failBar));
}
