import { createHash } from 'node:crypto';
import type { Series } from './exposition.js';

/** Where the counters of one check stood at a look. Small JSON: it lives in the heartbeat of the watch. */
export interface CounterMarks {
  /** When the process began that counts (s since the epoch), if it says so. */
  started: number | null;
  /** Value by series, under a short hash of its name and labels. */
  values: Record<string, number>;
}

export const marksOf = (series: Series[], started: number | null): CounterMarks =>
  ({ started, values: Object.fromEntries(series.map((one) => [seriesKey(one), one.value])) });

/**
 * What the counters have gained since `before`, series by series and then summed, so that one that was reset does not hide another. A
 * counter that is lower than it was, or whose process has begun anew, counts from zero; so does one that was not there.
 */
export function increments(before: CounterMarks, now: Series[], started: number | null): number {
  const restarted = started !== null && before.started !== null && started > before.started;
  return now.reduce((sum, one) => {
    const mark = before.values[seriesKey(one)] ?? 0;
    return sum + (restarted || one.value < mark ? one.value : one.value - mark);
  }, 0);
}

/** The same for the same labels in any order. 66 bits: among 10,000 series two share a key once in a trillion. */
export const seriesKey = ({ name, labels }: Series): string =>
  createHash('sha256').update(JSON.stringify([name, Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1))])).digest('base64url').slice(0, 11);
