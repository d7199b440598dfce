import type { CheckLook, Sample } from '../sample.js';
import type { Noise, Reference } from '../noise/noise.js';
import { isKnown, offsetOf } from './ratio-reading.js';
import { added, hasSameEdges, readBuckets, type Buckets } from './distribution.js';

export interface HistogramReading {
  region: Buckets;
  reference: Buckets;
  /** By how much these controls are slower than all of them together would be, as a logarithm: where one of them is missing. */
  known: number;
  controls: string[];
}

export const bucketsOf = (sample: Sample | undefined): Buckets | undefined => (sample?.kind === 'histogram' ? readBuckets(sample.buckets) : undefined);

/** Undefined where the look cannot be compared. Controls with other edges are none. */
export function readHistogram(look: CheckLook, reference: Reference, { shape, offsets }: Pick<Noise, 'shape' | 'offsets'>, without: readonly string[] = []): HistogramReading | undefined {
  const region = bucketsOf(look.region);
  if (region === undefined) return undefined;
  if (reference !== 'controls') {
    const past = shape && readBuckets(shape);
    return past && hasSameEdges(region, past) ? { region, reference: past, known: 0, controls: [] } : undefined;
  }
  const controls = Object.entries(look.controls).flatMap(([name, sample]) => {
    const buckets = without.includes(name) || !isKnown(offsets, name) ? undefined : bucketsOf(sample);
    return buckets && hasSameEdges(region, buckets) ? [{ name, buckets }] : [];
  });
  const [first, ...others] = controls;
  if (first === undefined) return undefined;
  const together = others.reduce((sum, { buckets }) => added(sum, buckets), first.buckets);
  const known = controls.reduce((sum, { name, buckets }) => sum + (offsetOf(offsets, name) * buckets.total) / together.total, 0);
  return { region, reference: together, known, controls: controls.map(({ name }) => name) };
}

/** Cumulative buckets of all of these looks together. */
export function shapeOf(history: CheckLook[]): Record<string, number> | undefined {
  const [first, ...others] = history.flatMap(({ region }) => bucketsOf(region) ?? []);
  if (first === undefined) return undefined;
  const all = others.filter((each) => hasSameEdges(first, each)).reduce(added, first);
  let below = 0;
  return Object.fromEntries([...all.edges.map(String), '+Inf'].map((edge, index) => [edge, (below += all.counts[index]!)]));
}
