import { isPositive, readValue } from '../kinds/value-reading.js';
import type { CheckLook } from '../sample.js';
import type { JudgeTimes } from '../times.js';
import { blocksOf, mean, median, variance } from './blocks.js';
import { learnedNoise, type Shown } from './learned-noise.js';
import { leastNoise, type Noise, type Reference } from './noise.js';

/** Learns the noise of a value from looks before the deploy. */
export function learnValue(history: CheckLook[], reference: Reference, times: JudgeTimes): Noise {
  const offsets = offsetsOf(history);
  const usual = usualOf(history);
  const readings = history.flatMap((look) => readValue(look, reference, { offsets, ...(usual !== undefined && { usual }) })?.log ?? []);
  const noise = learnedNoise('value', reference, times, {
    looks: readings.length, mean: readings.length === 0 ? 0 : median(readings), isPlaced: readings.length > 0, ...noiseOf(readings, times),
  });
  return { ...noise, offsets, ...(usual !== undefined && { usual }) };
}

/** Levels of blocks, and the variance of one look within them: that of autocorrelated looks is larger than it seems. */
function noiseOf(readings: number[], { block, step }: JudgeTimes): Pick<Shown, 'levels' | 'spread' | 'explained'> {
  const size = Math.max(3, Math.round(block / step));
  const blocks = blocksOf(readings, size);
  if (blocks.length === 0) return { levels: [], spread: leastNoise.value.spread, explained: 0 };
  const within = median(blocks.map(variance));
  const correlation = autocorrelation(blocks);
  const spread = Math.max(leastNoise.value.spread, (within * (1 + correlation)) / (1 - correlation));
  return { levels: blocks.map(mean), spread, explained: spread / size };
}

const mostCorrelation = 0.8;

/** From one look to the next, within blocks. */
function autocorrelation(blocks: number[][]): number {
  let products = 0;
  let squares = 0;
  for (const block of blocks) {
    const middle = mean(block);
    for (let index = 1; index < block.length; index++) {
      products += (block[index]! - middle) * (block[index - 1]! - middle);
      squares += (block[index]! - middle) ** 2;
    }
  }
  // Within a block the mean takes some correlation away: 1/B of it (M. Kendall, 1954).
  const bias = blocks.length === 0 ? 0 : 1 / blocks[0]!.length;
  return squares === 0 ? 0 : Math.min(mostCorrelation, Math.max(0, products / squares + bias));
}

/** Of the region and its controls alike. */
function usualOf(history: CheckLook[]): number | undefined {
  const logs = history.flatMap(({ region, controls }) => [region, ...Object.values(controls)].flatMap((sample) => (isPositive(sample) ? [Math.log(sample.value)] : [])));
  return logs.length === 0 ? undefined : median(logs);
}

/** How each control stands to all of them together, over looks that all of them brought; those that were there for less than half of the time are none. */
function offsetsOf(history: CheckLook[]): Record<string, number> {
  const names = [...new Set(history.flatMap(({ controls }) => Object.keys(controls)))]
    .filter((name) => history.filter(({ controls }) => isPositive(controls[name])).length * 2 >= history.length);
  const apart = new Map<string, number[]>(names.map((name) => [name, []]));
  for (const { controls } of history) {
    const present = names.flatMap((name) => (isPositive(controls[name]) ? [[name, Math.log(controls[name].value)] as const] : []));
    if (present.length < names.length) continue;
    const level = mean(present.map(([, log]) => log));
    for (const [name, log] of present) apart.get(name)!.push(log - level);
  }
  return Object.fromEntries([...apart].flatMap(([name, logs]) => (logs.length === 0 ? [] : [[name, median(logs)]])));
}
