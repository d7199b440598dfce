import { gridAround, overGrid, valueAt, widthOf, type Grid } from '../drift/grid.js';
import type { Noise } from '../noise/noise.js';
import { learnValue } from '../noise/value-noise.js';
import { logs, type Kind } from './kind.js';
import { readValue } from './value-reading.js';

const degrees = 5;
const margin = 1.1;
export const valueChanges = logs([1.25, 2, 8, 1 / 1.25, 1 / 2]);

/** A step that the margin is a whole number of, fine enough for the drift. */
export const stepFor = (sigma: number): number => Math.log(margin) / Math.min(8, Math.max(4, Math.ceil((2.5 * Math.log(margin)) / sigma)));

export const valueEffects = {
  looked: logs([1.1, 1.2, 1.5, 3, 10]),
  rare: 1,
  measured: [...logs([0.6, 0.75, 0.85, 0.93, 0.97]), ...logs([1.03, 1.06, 1.1, 1.14, 1.2, 1.26, 1.34, 1.5, 1.75, 2.1, 2.6, 3.3, 4.5, 7, 10])],
};

export const valueGrid = ({ mean, sigma, startSd }: Noise, measured: number[], coarse = 1): Grid =>
  gridAround(mean, Math.max(7 * sigma, 3.5 * startSd), stepFor(sigma) * coarse, { smallest: Math.min(...measured), largest: Math.max(...measured) });

export const valueKind: Kind = {
  margin,
  learn: learnValue,
  effects: valueEffects,
  grid: (noise, { measured }, coarse) => valueGrid(noise, measured, coarse),
  compare: (look, noise, grid, without) => {
    const reading = readValue(look, noise.reference, noise, without);
    return reading && { likelihood: studentLikelihood(within(grid, reading.log), grid, noise.spread), controls: reading.controls };
  },
  changes: valueChanges,
};

/** What lies beyond everything that is looked for says: at least so much. */
const within = (grid: Grid, log: number): number => Math.min(valueAt(grid, widthOf(grid) - 1), Math.max(valueAt(grid, 0), log));

/** Student's t with five degrees of freedom: a spike is less of a surprise than under a bell. Its variance is `spread`. */
function studentLikelihood(log: number, grid: Grid, spread: number): Float64Array {
  const scale = (spread * (degrees - 2)) / degrees;
  return overGrid(grid, (level) => 1 / (1 + (log - level) ** 2 / (degrees * scale)) ** 3);
}
