import { Curve } from '../kinds/distribution.js';
import { bucketsOf } from '../kinds/histogram-reading.js';
import type { CheckLook, Sample } from '../sample.js';
import { isBeyond, type Limits } from './limits.js';

/** What was counted of one check since the deploy. JSON. */
export interface Tally {
  /** Looks that brought data. */
  looks: number;
  /** Requests, and how many of them were bad (ratio). */
  requests: number;
  bad: number;
  /** Last value (value), median of the last look (histogram). */
  last: number | null;
  /** Looks in a row beyond a hard limit (value), and whether at least half of the controls are beyond it too. */
  beyond: number;
  controlsBeyond: boolean;
  /** Bad requests beyond those that there would have been without the release. */
  attributable: number;
}

export const nothingCounted: Tally = { looks: 0, requests: 0, bad: 0, last: null, beyond: 0, controlsBeyond: false, attributable: 0 };

/** One more look that brought data of the region. `expected` are the bad requests that there would have been without the release. */
export function counted(tally: Tally, { region, controls }: CheckLook, limits: Limits, expected: number): Tally {
  const looks = tally.looks + 1;
  switch (region.kind) {
    case 'ratio': {
      const bad = Math.min(region.bad, region.total);
      return { ...tally, looks, requests: tally.requests + region.total, bad: tally.bad + bad, attributable: tally.attributable + bad - expected };
    }
    case 'value':
      return {
        ...tally, looks, last: region.value,
        beyond: isBeyond(limits, region.value) ? tally.beyond + 1 : 0,
        controlsBeyond: areBeyond(Object.values(controls), limits),
      };
    case 'histogram': {
      const buckets = bucketsOf(region);
      return { ...tally, looks, requests: tally.requests + (buckets?.total ?? 0), last: (buckets && new Curve(buckets).median) ?? null };
    }
    default:
      return tally;
  }
}

function areBeyond(controls: Sample[], limits: Limits): boolean {
  const values = controls.flatMap((sample) => (sample.kind === 'value' ? [sample.value] : []));
  return values.length > 0 && values.filter((value) => isBeyond(limits, value)).length * 2 >= values.length;
}
