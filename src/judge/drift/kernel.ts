import type { Grid } from './grid.js';

/** What drift does to a belief in one look: shares that move one point up or down, some times over. */
export interface Kernel {
  up: Float64Array;
  down: Float64Array;
  times: number;
}

/** Mean-reverting drift: θ' = θ − (Δ/τ)(θ − m) + N(0, 2σ²Δ/τ). */
export interface Drift {
  mean: number;
  sigma: number;
  /** Δ/τ. */
  share: number;
  /** How well the mean is known, from 0 to 1: nothing draws a ratio back to a mean that nobody knows. */
  known: number;
}

const mostShare = 0.49;

/** A birth–death chain with the drift's mean and variance (H. J. Kushner's approximating Markov chain). */
export function kernelOf({ step, points, first }: Grid, { mean, sigma, share, known }: Drift): Kernel {
  const whole = (sigma * sigma * share) / (step * step);
  const times = Math.max(1, Math.ceil(whole / 0.4));
  const spread = whole / times;
  const pull = (known * share) / times / (2 * step);
  const clip = (part: number): number => Math.min(mostShare, Math.max(0, part));
  const up = new Float64Array(points);
  const down = new Float64Array(points);
  for (let index = 0; index < points; index++) {
    const towards = pull * (mean - (first + index * step));
    if (index < points - 1) up[index] = clip(spread + towards);
    if (index > 0) down[index] = clip(spread - towards);
  }
  return { up, down, times };
}
