import { overGrid, type Grid } from '../drift/grid.js';
import { learnHistogram } from '../noise/histogram-noise.js';
import { Curve } from './distribution.js';
import { readHistogram, type HistogramReading } from './histogram-reading.js';
import type { Kind } from './kind.js';
import { valueEffects, valueGrid, valueChanges } from './value.js';

/** Past this one look says little more for or against (nats): no model of a distribution is that good. */
const mostOfOneLook = 15;

export const histogramKind: Kind = {
  margin: 1.1,
  learn: learnHistogram,
  effects: valueEffects,
  grid: (noise, { measured }, coarse) => valueGrid(noise, measured, coarse),
  compare: (look, noise, grid, without) => {
    const reading = readHistogram(look, noise.reference, noise, without);
    return reading && { likelihood: multinomialLikelihood(reading, grid, noise.spread), controls: reading.controls };
  },
  changes: valueChanges,
};

/** Multinomial over the buckets of the controls' own distribution, scaled by e^θ; divided by over-dispersion, and by what the controls' own counts leave open. */
function multinomialLikelihood({ region, reference, known }: HistogramReading, grid: Grid, spread: number): Float64Array {
  const curve = new Curve(reference);
  const divisor = spread * (1 + region.total / reference.total);
  const logEdges = region.edges.map(Math.log);
  const logLikelihood = overGrid(grid, (level) => curve.logLikelihood(region.counts, logEdges, level - known) / divisor);
  let top = -Infinity;
  for (const each of logLikelihood) if (each > top) top = each;
  for (let index = 0; index < logLikelihood.length; index++) logLikelihood[index] = withTail(logLikelihood[index]! - top);
  return logLikelihood;
}

/** Never flat: of two sizes that a look excludes the nearer one stays the likelier, so that a size between those that are looked for is found. */
const withTail = (below: number): number => Math.exp(below) + Math.exp(-mostOfOneLook) / (1 - below / mostOfOneLook) ** 2;
