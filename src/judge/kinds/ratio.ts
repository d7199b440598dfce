import { gridAround } from '../drift/grid.js';
import { learnRatio } from '../noise/ratio-noise.js';
import { logs, type Kind } from './kind.js';
import { ratioLikelihood } from './ratio-likelihood.js';
import { readRatio } from './ratio-reading.js';

const step = 0.05;

/** Below the largest sizes that are looked for: they explain all that is worse. */
const mostTold = Math.log(50);

export const ratioKind: Kind = {
  margin: 1.5,
  learn: learnRatio,
  effects: {
    looked: logs([1.5, 2, 3, 6, 15, 40, 100]),
    rare: 3,
    measured: [-24, -16, -10, -6, -3, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 25, 28, 32, 36, 42, 48, 56, 66, 80, 96].map((points) => points * step),
  },
  grid: ({ mean, sigma, startSd }, { measured }, coarse = 1) =>
    gridAround(mean, Math.max(7 * sigma, 3.5 * startSd), step * coarse, { smallest: Math.min(...measured), largest: Math.max(...measured) }),
  compare: (look, noise, grid, without) => {
    const reading = readRatio(look, noise.reference, noise, without);
    return reading && { likelihood: ratioLikelihood(reading, grid, noise.spread, noise.mean + mostTold), controls: reading.controls };
  },
  changes: logs([3, 10, 60, 1 / 3, 1 / 10]),
};
