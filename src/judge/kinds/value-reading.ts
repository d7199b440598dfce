import type { CheckLook, Sample, ValueSample } from '../sample.js';
import type { Noise, Reference } from '../noise/noise.js';
import { mean } from '../noise/blocks.js';
import { isKnown, offsetOf } from './ratio-reading.js';

export interface ValueReading {
  /** Logarithm of the region's value against that of its reference. */
  log: number;
  controls: string[];
}

/** Only what is above zero has a logarithm. */
export const isPositive = (sample: Sample | undefined): sample is ValueSample => sample?.kind === 'value' && sample.value > 0 && sample.value < Infinity;

/** A value of nothing, or of everything, is as far from what is usual as can be told: a factor of a hundred. */
const farthest = Math.log(100);

function logOf(sample: Sample | undefined, usual: number | undefined): number | undefined {
  if (sample?.kind !== 'value' || sample.value < 0) return undefined;
  const { value } = sample;
  if (value > 0 && value < Infinity) return Math.log(value);
  return usual === undefined ? undefined : usual + (value === 0 ? -farthest : farthest);
}

/** Undefined where the look cannot be compared. */
export function readValue(look: CheckLook, reference: Reference, { offsets, usual }: Pick<Noise, 'offsets' | 'usual'>, without: readonly string[] = []): ValueReading | undefined {
  const { region } = look;
  const own = logOf(region, usual);
  if (own === undefined) return undefined;
  if (reference !== 'controls') return { log: own, controls: [] };
  const controls = Object.entries(look.controls).flatMap(([name, sample]) => {
    const log = isKnown(offsets, name) && !without.includes(name) ? logOf(sample, usual) : undefined;
    return log === undefined ? [] : [{ name, log }];
  });
  if (controls.length === 0) return undefined;
  const level = mean(controls.map(({ name, log }) => log - offsetOf(offsets, name)));
  return { log: own - level, controls: controls.map(({ name }) => name) };
}
