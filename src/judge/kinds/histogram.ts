import { valueAt, widthOf, type Grid } from '../drift/grid.js';
import { learnHistogram } from '../noise/histogram-noise.js';
import { Curve, logCentre } from './distribution.js';
import { bucketsOf, readHistogram, type HistogramReading } from './histogram-reading.js';
import type { Kind } from './kind.js';
import { valueEffects, valueGrid } from './value.js';

const sickBy = Math.log(1.2);

/** One look says at most this much for or against (nats): no model of a distribution is that good. */
const mostOfOneLook = 15;

export const histogramKind: Kind = {
  margin: 1.1,
  learn: learnHistogram,
  effects: valueEffects,
  grid: (noise, { measured }) => valueGrid(noise, measured),
  compare: (look, noise, grid, without) => {
    const reading = readHistogram(look, noise.reference, noise, without);
    return reading && { logLikelihood: multinomialLikelihood(reading, grid, noise.spread), controls: reading.controls };
  },
  controlScore: (sample, { level, variance }) => {
    const buckets = bucketsOf(sample);
    return buckets && (sickBy * (logCentre(buckets) - level) - sickBy ** 2 / 2) / variance;
  },
};

/** Multinomial over the buckets of the controls' own distribution, scaled by e^θ; divided by over-dispersion, and by what the controls' own counts leave open. */
function multinomialLikelihood({ region, reference }: HistogramReading, grid: Grid, spread: number): Float64Array {
  const curve = new Curve(reference);
  const divisor = spread * (1 + region.total / reference.total);
  const logLikelihood = Float64Array.from({ length: widthOf(grid) }, (_, index) =>
    curve.shares(region.edges, valueAt(grid, index)).reduce((sum, share, bucket) => sum + region.counts[bucket]! * Math.log(share), 0) / divisor);
  const top = logLikelihood.reduce((most, each) => Math.max(most, each), -Infinity);
  return logLikelihood.map((each) => top + Math.log(Math.exp(each - top) + Math.exp(-mostOfOneLook)));
}
