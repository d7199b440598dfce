import type { DriftNoise } from '../drift/hypotheses.js';
import type { JudgeTimes } from '../times.js';

/** What a region is compared with: controls, its own past, or nothing but its limits. */
export type Reference = 'controls' | 'past' | 'none';

/** What the judge knows of the noise of one check before the deploy. JSON. */
export interface Noise {
  reference: Reference;
  /** The past was long enough to learn from; otherwise these are defaults in part, and the bar is higher. */
  isLearned: boolean;
  /** Seconds of the past that were there. */
  past: number;
  /** Mean and spread of the drifting log ratio. */
  mean: number;
  sigma: number;
  /** Spread of the first belief. */
  startSd: number;
  /** Noise of one look besides counting: variance on the logit scale (ratio), of the logarithm (value), factor on the variance (histogram). */
  spread: number;
  /** By control: how its level stands to that of all of them together, as a logarithm. */
  offsets: Record<string, number>;
  /** Logarithm of a value as it usually is, in the region and its controls. */
  usual?: number;
  /** Counts of cumulative buckets over all of the past, where that is the reference of a histogram. */
  shape?: Record<string, number>;
}

/** The drift that goes with a noise, from look to look. */
export const driftOf = ({ mean, sigma, startSd, past }: Noise, { step, relaxation }: JudgeTimes): DriftNoise =>
  ({ mean, sigma, startSd, share: Math.min(1, step / relaxation), known: past / (past + 2 * relaxation) });

/** What is assumed where nothing is known of the past, and in part where little is. Against its own past a region drifts farther. */
export const standardNoise = {
  ratio: { sigma: { controls: 0.13, past: 0.25, none: 0.25 }, startSd: 0.7, spread: 0.05 },
  value: { sigma: { controls: 0.03, past: 0.06, none: 0.06 }, startSd: 0.5, spread: 0.1 ** 2 },
  histogram: { sigma: { controls: 0.03, past: 0.06, none: 0.06 }, startSd: 0.5, spread: 2 },
} as const;

/** The least noise that is ever assumed. */
export const leastNoise = {
  ratio: { sigma: 0.05, startSd: 0.2, spread: 1e-4 },
  value: { sigma: 0.01, startSd: 0.05, spread: 0.01 ** 2 },
  histogram: { sigma: 0.01, startSd: 0.05, spread: 1 },
} as const;
