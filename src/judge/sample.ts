/** One look at one check in one region. Neither `no-data` nor `error` is ever evidence for or against a release. */
export type Sample =
  | RatioSample
  | ValueSample
  | HistogramSample
  /** The source answered, and its answer holds nothing: empty, NaN, Inf, stale. `reason` names the query and what came back. */
  | { kind: 'no-data'; reason: string }
  /** The source failed: refused, timed out, 5xx, not understood. */
  | { kind: 'error'; reason: string };

/** Increments since the look before, never running counters. */
export interface RatioSample {
  kind: 'ratio';
  bad: number;
  total: number;
}

export interface ValueSample {
  kind: 'value';
  value: number;
}

/** Increments since the look before of cumulative buckets, by their upper edge: `{ "0.1": 80, "0.3": 95, "+Inf": 96 }`. */
export interface HistogramSample {
  kind: 'histogram';
  buckets: Record<string, number>;
}

/** One look at one check: the region under test, and every control by its name. */
export interface CheckLook {
  region: Sample;
  controls: Record<string, Sample>;
}

/** One look at everything. `t` in seconds since the epoch. A check that is left out brought no data. */
export interface Look {
  t: number;
  checks: Record<string, CheckLook>;
}
