import type { CheckLook, RatioSample, Sample } from '../sample.js';
import type { Noise, Reference } from '../noise/noise.js';

/** One look at a ratio, as counts. */
export interface RatioReading {
  bad: number;
  total: number;
  /** Of the controls together; zero where the own past is the reference. */
  controlBad: number;
  /** Weighted, so that the sum stands for all controls where one of them is missing. */
  controlTotal: number;
  controls: string[];
}

/** Fewer requests are none: what an extrapolation leaves of nothing. */
const leastRequests = 1e-9;

export const isRatio = (sample: Sample | undefined): sample is RatioSample => sample?.kind === 'ratio' && sample.total > leastRequests;

/** Undefined where the look cannot be compared: the region, or every control, brought nothing or had no requests. */
export function readRatio(look: CheckLook, reference: Reference, { offsets }: Pick<Noise, 'offsets'>, without: readonly string[] = []): RatioReading | undefined {
  const { region } = look;
  if (!isRatio(region)) return undefined;
  const own = { bad: Math.min(region.bad, region.total), total: region.total };
  if (reference !== 'controls') return { ...own, controlBad: 0, controlTotal: 0, controls: [] };
  const controls = Object.entries(look.controls).flatMap(([name, sample]) => (isRatio(sample) && isKnown(offsets, name) && !without.includes(name) ? [{ name, bad: Math.min(sample.bad, sample.total), total: sample.total }] : []));
  if (controls.length === 0) return undefined;
  return {
    ...own,
    controlBad: controls.reduce((sum, { bad }) => sum + bad, 0),
    controlTotal: controls.reduce((sum, { name, total }) => sum + total * Math.exp(offsetOf(offsets, name)), 0),
    controls: controls.map(({ name }) => name),
  };
}

/** Where levels were learned, a control without one is none: nobody knows how it differs. */
export const isKnown = (offsets: Record<string, number>, name: string): boolean => Object.keys(offsets).length === 0 || Object.hasOwn(offsets, name);

/** Own properties only: a control may be called `constructor`. */
export const offsetOf = (offsets: Record<string, number>, name: string): number => (Object.hasOwn(offsets, name) ? offsets[name]! : 0);
