import { isRatio } from '../kinds/ratio-reading.js';
import type { Reference } from '../noise/noise.js';
import type { CheckLook } from '../sample.js';

/** What is known of a ratio besides one look. */
export interface Known {
  reference: Reference;
  /** The log ratio to expect without a release. */
  level: number;
  /** Share of bad requests that the objective leaves. */
  budget: number;
}

/** Bad requests that a look would have shown without the release: by the controls, by the past, or by the budget. */
export function expectedBad({ region, controls }: CheckLook, { reference, level, budget }: Known): number {
  if (region.kind !== 'ratio') return 0;
  const others = Object.values(controls).filter(isRatio);
  const asked = others.reduce((sum, other) => sum + other.total, 0);
  if (reference === 'controls' && asked > 0) return (region.total * Math.exp(level) * others.reduce((sum, other) => sum + other.bad, 0)) / asked;
  return region.total * (reference === 'past' ? Math.exp(level) : budget);
}
