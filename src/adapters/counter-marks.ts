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

/** Marks from before anything was counted. */
export const nothingCounted: CounterMarks = { started: null, values: {} };

/**
 * What each counter has gained since `before`: one by one, so that one that was reset does not hide another. A counter that is lower than
 * it was, or whose process has begun anew, counts from zero, and with it all of its group; so does one that was not there.
 */
export function gains(before: CounterMarks, now: Series[], started: number | null, groupOf: (series: Series) => string = seriesKey): number[] {
  const restarted = started !== null && before.started !== null && started > before.started;
  const marked = now.map((one) => ({ value: one.value, mark: before.values[seriesKey(one)] ?? 0, group: groupOf(one) }));
  const reset = new Set(marked.filter(({ value, mark }) => value < mark).map(({ group }) => group));
  return marked.map(({ value, mark, group }) => (restarted || reset.has(group) ? value : value - mark));
}

/** A look asks for the key of a series some times over, and thousands of soaks look at dozens of series each. */
const keys = new WeakMap<Series, string>();

/** The same for the same labels in any order. 66 bits: among 10,000 series two share a key once in a trillion. */
export function seriesKey(series: Series): string {
  const known = keys.get(series);
  if (known !== undefined) return known;
  const sorted = Object.entries(series.labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const key = createHash('sha256').update(JSON.stringify([series.name, sorted])).digest('base64url').slice(0, 11);
  keys.set(series, key);
  return key;
}
