import { createHash } from 'node:crypto';
import type { Named, Series } from './exposition.js';

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
  if (restarted) return now.map(({ value }) => value);
  const marked = now.map((one) => ({ one, mark: before.values[seriesKey(one)] ?? 0 }));
  const reset = new Set(marked.filter(({ one, mark }) => one.value < mark).map(({ one }) => groupOf(one)));
  return marked.map(({ one, mark }) => (reset.size > 0 && reset.has(groupOf(one)) ? one.value : one.value - mark));
}

/** Thousands of soaks look at the same series, dozens of them, again and again. */
const keys = new WeakMap<Named['labels'], { name: string; key: string }>();

/** The same for the same labels in any order. 66 bits: among 10,000 series two share a key once in a trillion. */
export function seriesKey({ name, labels }: Named): string {
  const known = keys.get(labels);
  if (known?.name === name) return known.key;
  const sorted = Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const key = createHash('sha256').update(JSON.stringify([name, sorted])).digest('base64url').slice(0, 11);
  keys.set(labels, { name, key });
  return key;
}
