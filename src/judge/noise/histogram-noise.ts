import { added, Curve, logCentre } from '../kinds/distribution.js';
import { bucketsOf, readHistogram, shapeOf, type HistogramReading } from '../kinds/histogram-reading.js';
import type { CheckLook } from '../sample.js';
import type { JudgeTimes } from '../times.js';
import { blocksOf, mean, median } from './blocks.js';
import { learnedNoise } from './learned-noise.js';
import { leastNoise, type Noise, type Reference } from './noise.js';

/** Learns the noise of a histogram from looks before the deploy. */
export function learnHistogram(history: CheckLook[], reference: Reference, times: JudgeTimes): Noise {
  const shape = reference === 'past' ? shapeOf(history) : undefined;
  const offsets = offsetsOf(history);
  const readings = history.flatMap((look) => readHistogram(look, reference, { offsets, ...(shape && { shape }) }) ?? []);
  const blocks = blocksOf(readings, Math.max(3, Math.round(times.block / times.step))).map(fitted);
  const levels = blocks.map(({ level }) => level);
  const spread = blocks.length === 0 ? leastNoise.histogram.spread : Math.max(leastNoise.histogram.spread, median(blocks.map(({ excess }) => excess)));
  const noise = learnedNoise('histogram', reference, times, {
    looks: readings.length,
    mean: blocks.length === 0 ? 0 : median(levels),
    isPlaced: blocks.length > 0,
    levels,
    explained: blocks.length === 0 ? 0 : mean(blocks.map((block) => spread / block.information)),
    spread,
  });
  return { ...noise, offsets, ...(shape && { shape }) };
}

interface Fitted {
  /** Log scale factor of the block. */
  level: number;
  /** Curvature of its log likelihood, without over-dispersion. */
  information: number;
  /** Variance of single looks against what counting explains. */
  excess: number;
}

const finest = 0.01;
const farthest = 80;

/** The scale factor that explains a block best, on a fine grid with a parabola through its top. */
function fitted(block: HistogramReading[]): Fitted {
  const region = block.map((reading) => reading.region).reduce(added);
  const reference = block.map((reading) => reading.reference).reduce(added);
  const curve = new Curve(reference);
  const thinned = 1 + region.total / reference.total;
  const known = mean(block.map((reading) => reading.known));
  const logEdges = region.edges.map(Math.log);
  const at = (point: number): number => curve.logLikelihood(region.counts, logEdges, point * finest - known) / thinned;
  let top = 0;
  while (top < farthest && at(top + 1) > at(top)) top += 1;
  while (top > -farthest && at(top - 1) > at(top)) top -= 1;
  const [left, middle, right] = [at(top - 1), at(top), at(top + 1)];
  const bend = Math.max(1e-6, 2 * middle - left - right);
  const level = (top + (right - left) / (2 * bend)) * finest;
  return { level, information: bend / finest ** 2, excess: mean(block.map((reading) => pearson(reading, curve, level - known))) };
}

/** Buckets with fewer requests than this say nothing of the noise. */
const fewest = 1;
const mostPearson = 9;

function pearson({ region, reference }: HistogramReading, curve: Curve, level: number): number {
  const thinned = 1 + region.total / reference.total;
  const terms = curve.shares(region.edges, level).flatMap((share, index) => {
    const expected = share * region.total;
    return expected < fewest ? [] : [Math.min(mostPearson, (region.counts[index]! - expected) ** 2 / (expected * thinned))];
  });
  return terms.length < 2 ? 1 : terms.reduce((sum, term) => sum + term, 0) / (terms.length - 1);
}

/** How much slower each control is than all of them together, over looks that all of them brought. */
function offsetsOf(history: CheckLook[]): Record<string, number> {
  const names = [...new Set(history.flatMap(({ controls }) => Object.keys(controls)))]
    .filter((name) => history.filter(({ controls }) => bucketsOf(controls[name]) !== undefined).length * 2 >= history.length);
  const looks = history.flatMap(({ controls }) => {
    const all = names.map((name) => bucketsOf(controls[name]));
    return all.every((buckets) => buckets !== undefined) ? [all] : [];
  });
  if (looks.length === 0) return {};
  const centres = looks.map((all) => {
    const total = all.reduce((sum, buckets) => sum + buckets.total, 0);
    const together = all.reduce((sum, buckets) => sum + (logCentre(buckets) * buckets.total) / total, 0);
    return all.map((buckets) => logCentre(buckets) - together);
  });
  return Object.fromEntries(names.map((name, index) => [name, mean(centres.map((each) => each[index]!))]));
}
