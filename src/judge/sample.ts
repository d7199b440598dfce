/** One look at one check. Neither `no-data` nor `error` is ever evidence for or against a release. */
export type Sample =
  /** Increments since the look before, never running counters. */
  | { kind: 'ratio'; bad: number; total: number }
  | { kind: 'value'; value: number }
  /** The source answered, and its answer holds nothing: empty, NaN, Inf, stale. `reason` names the query and what came back. */
  | { kind: 'no-data'; reason: string }
  /** The source failed: refused, timed out, 5xx, not understood. */
  | { kind: 'error'; reason: string };
