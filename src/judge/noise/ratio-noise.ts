import { readRatio, type RatioReading } from '../kinds/ratio-reading.js';
import type { CheckLook } from '../sample.js';
import type { JudgeTimes } from '../times.js';
import { blocksOf, mean, median } from './blocks.js';
import { learnedNoise } from './learned-noise.js';
import { leastNoise, type Noise, type Reference } from './noise.js';

/** A block with fewer bad requests says little of its own level. */
const fewestBad = 4;

/** Learns the noise of a ratio from looks before the deploy. */
export function learnRatio(history: CheckLook[], reference: Reference, times: JudgeTimes): Noise {
  const offsets = offsetsOf(history, times);
  const readings = history.flatMap((look) => readRatio(look, reference, { offsets }) ?? []);
  const blocks = blocksOf(readings, blockSize(readings, times));
  const spread = Math.max(leastNoise.ratio.spread, excess(blocks));
  const noise = learnedNoise('ratio', reference, times, {
    looks: readings.length,
    mean: readings.length === 0 ? 0 : levelOf(blocks.length === 0 ? readings : usualAmong(blocks).flat()),
    isPlaced: blocks.length > 0,
    levels: blocks.map(levelOf),
    explained: blocks.length === 0 ? 0 : mean(blocks.map(countingVariance)) + spread / blocks[0]!.length,
    spread,
  });
  return { ...noise, offsets };
}

function blockSize(readings: RatioReading[], { block, step }: JudgeTimes): number {
  const usual = Math.max(2, Math.round(block / step));
  const bad = readings.length === 0 ? 0 : mean(readings.map((reading) => reading.bad));
  return Math.min(usual * 8, Math.max(usual, Math.ceil(fewestBad / Math.max(bad, 1e-9))));
}

interface Counts {
  bad: number;
  total: number;
  controlBad: number;
  controlTotal: number;
}

const summed = (block: RatioReading[]): Counts => block.reduce<Counts>((sum, each) => ({
  bad: sum.bad + each.bad,
  total: sum.total + each.total,
  controlBad: sum.controlBad + each.controlBad,
  controlTotal: sum.controlTotal + each.controlTotal,
}), { bad: 0, total: 0, controlBad: 0, controlTotal: 0 });

/** Blocks whose level is not far from that of most: an outage in the past is no level. */
function usualAmong(blocks: RatioReading[][]): RatioReading[][] {
  const middle = median(blocks.map(levelOf));
  return blocks.filter((block) => Math.abs(levelOf(block) - middle) <= farOff);
}

/** A factor of e. */
const farOff = 1;

/** Log ratio of a block; half a request keeps it finite. */
function levelOf(block: RatioReading[]): number {
  const { bad, total, controlBad, controlTotal } = summed(block);
  const own = Math.log((bad + 0.5) / total);
  return controlTotal === 0 ? own : own - Math.log((controlBad + 0.5) / controlTotal);
}

function countingVariance(block: RatioReading[]): number {
  const { bad, controlBad, controlTotal } = summed(block);
  return 1 / (bad + 0.5) + (controlTotal === 0 ? 0 : 1 / (controlBad + 0.5));
}

/** A look that is farther off than this is the outlier's business. */
const mostPearson = 9;

/** Variance on the logit scale that looks of one block show beyond counting: their Pearson excess. */
function excess(blocks: RatioReading[][]): number {
  let found = 0;
  let expected = 0;
  for (const block of blocks) {
    const level = Math.exp(levelOf(block));
    for (const { bad, total, controlBad, controlTotal } of block) {
      const share = controlTotal === 0 ? Math.min(level, 0.99) : (total * level) / (total * level + controlTotal);
      const counted = controlTotal === 0 ? total : bad + controlBad;
      const counting = counted * share * (1 - share);
      if (!(counting > 0)) continue;
      found += Math.min(mostPearson, (bad - counted * share) ** 2 / counting) - (block.length - 1) / block.length;
      expected += Math.max(0, counted - 1) * share * (1 - share);
    }
  }
  return expected === 0 ? 0 : Math.max(0, found / expected);
}

/** How the share of each control stands to that of all of them, drawn to one where there is little to see. */
function offsetsOf(history: CheckLook[], times: JudgeTimes): Record<string, number> {
  const names = [...new Set(history.flatMap(({ controls }) => Object.keys(controls)))];
  const sums = names.flatMap((name) => {
    const readings = history.flatMap(({ controls }) => (Object.hasOwn(controls, name) ? readRatio({ region: controls[name]!, controls: {} }, 'past', { offsets: {} }) ?? [] : []));
    const blocks = blocksOf(readings, blockSize(readings, times));
    return readings.length * 2 < history.length ? [] : [{ name, ...summed(blocks.length === 0 ? readings : usualAmong(blocks).flat()) }];
  });
  const bad = sums.reduce((sum, each) => sum + each.bad, 0);
  const total = sums.reduce((sum, each) => sum + each.total, 0);
  if (bad === 0) return Object.fromEntries(sums.map(({ name }) => [name, 0]));
  const drawn = 5;
  return Object.fromEntries(sums.map(({ name, ...each }) => [name, Math.log((each.bad + drawn) / ((each.total * bad) / total + drawn))]));
}
