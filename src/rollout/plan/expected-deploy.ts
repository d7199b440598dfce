import type { DeployTimes } from '../pipeline/deploy-times.js';
import { placeKey, type Place } from '../places.js';

/** Where no deploy of the pipeline has ever been seen (ms). */
const firstGuessMs = 60_000;

/** How long a deploy will take (ms): the middle of the past ones there; where there were none a guess, the middle of all of the pipeline. */
export function expectedDeploy(times: DeployTimes, place: Place): { deployMs: number; isGuess: boolean } {
  const seen = times[placeKey(place)] ?? [];
  return { deployMs: middle(seen) ?? middle(Object.values(times).flat()) ?? firstGuessMs, isGuess: seen.length === 0 };
}

const middle = (numbers: number[]): number | undefined => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
