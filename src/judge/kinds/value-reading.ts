import type { CheckLook, Sample, ValueSample } from '../sample.js';
import type { Noise, Reference } from '../noise/noise.js';
import { mean } from '../noise/blocks.js';
import { offsetOf } from './ratio-reading.js';

export interface ValueReading {
  /** Logarithm of the region's value against that of its reference. */
  log: number;
  controls: string[];
}

/** Only what is above zero has a logarithm. */
export const isPositive = (sample: Sample | undefined): sample is ValueSample => sample?.kind === 'value' && sample.value > 0;

/** Undefined where the look cannot be compared. */
export function readValue(look: CheckLook, reference: Reference, { offsets }: Pick<Noise, 'offsets'>, without: readonly string[] = []): ValueReading | undefined {
  const { region } = look;
  if (!isPositive(region)) return undefined;
  if (reference !== 'controls') return { log: Math.log(region.value), controls: [] };
  const controls = Object.entries(look.controls).flatMap(([name, sample]) => (isPositive(sample) && !without.includes(name) ? [{ name, log: Math.log(sample.value) }] : []));
  if (controls.length === 0) return undefined;
  const level = mean(controls.map(({ name, log }) => log - offsetOf(offsets, name)));
  return { log: Math.log(region.value) - level, controls: controls.map(({ name }) => name) };
}
