import type { Sample } from '../judge/sample.js';
import type { Check } from '../rollout/schema/check.js';

/** Values that were taken longer ago describe nothing that is: Prometheus' own look-back. */
const staleAfterMs = 5 * 60_000;

const shownQuery = 120;

/** A sample that brought nothing, with the query that it was asked by: `up{job="x"}: the answer is empty`. */
export const silent = (kind: 'no-data' | 'error', query: string, reason: string): Sample =>
  ({ kind, reason: `${query.length <= shownQuery ? query : `${query.slice(0, shownQuery)}…`}: ${reason}` });

/** The same for every check: the source as a whole brought nothing. */
export const sameForAll = (checks: Check[], sample: Sample): Record<string, Sample> =>
  Object.fromEntries(checks.map((check) => [check.name, sample]));

/** Why a value is no evidence; `undefined` when it is a number of now. */
export function whyNoNumber(value: number, timestampMs: number | undefined, now: number): string | undefined {
  if (!Number.isFinite(value)) return `the value is ${Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'}`;
  if (timestampMs !== undefined && now - timestampMs > staleAfterMs) return `the value ${value} is of ${isoTime(timestampMs)}, more than 5 minutes ago`;
  return undefined;
}

/** Any number may stand for a time in what a target sends, also one that no date can hold. */
const isoTime = (ms: number): string => (Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : `${ms} ms`);
