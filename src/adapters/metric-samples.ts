import type { HistogramSample, RatioSample, Sample, ValueSample } from '../judge/sample.js';
import type { Check } from '../rollout/schema/check.js';

/** Values that were taken longer ago describe nothing that is: Prometheus' own look-back. */
const staleAfterMs = 5 * 60_000;

const shownQuery = 120;

/** Why there is no number. `lasting` says that asking again would bring the same: the query or the settings are wrong. */
export interface Silence {
  kind: 'no-data' | 'error';
  reason: string;
  lasting?: boolean;
}

/** What one look at one check found. */
export type Found = RatioSample | ValueSample | HistogramSample | Silence;

export const isSilence = (found: Found | { kind: 'empty' | 'found' | 'data' }): found is Silence => found.kind === 'no-data' || found.kind === 'error';

/** Silence with the query that it was asked by: `up{job="x"}: the answer is empty`. */
export const silent = (kind: 'no-data' | 'error', query: string, reason: string): Silence => ({ kind, reason: `${shorten(query)}: ${reason}` });

/** A query that can never bring anything, and why. */
export const neverWorks = (query: string, reason: string): Silence => ({ ...silent('error', query, reason), lasting: true });

/** The same silence, told of a query. */
export const silenceOf = (query: string, { reason, ...rest }: Silence): Silence => ({ ...rest, reason: `${shorten(query)}: ${reason}` });

const shorten = (query: string): string => (query.length <= shownQuery ? query : `${query.slice(0, shownQuery)}…`);

/**
 * A ratio from two counts. They may be of two counters, which are not counted in the same moment: a little more bad than there is, is all
 * of it. Much more is no share of anything.
 */
export function ratioOf(badQuery: string, bad: number, total: number): Found {
  if (bad > total * 1.1 + 10) return neverWorks(badQuery, `${bad} were bad of ${total}: more is bad than there is`);
  return { kind: 'ratio', bad: Math.min(bad, total), total };
}

/** What the judge is told: whether a silence lasts is for those who ask before a rollout. */
export const sampleOf = (found: Found): Sample => (isSilence(found) ? { kind: found.kind, reason: found.reason } : found);

/** The same for every check: the source as a whole brought nothing. */
export const sameForAll = (checks: Check[], found: Found): Record<string, Sample> =>
  Object.fromEntries(checks.map((check) => [check.name, sampleOf(found)]));

/** Why a value is no evidence; `undefined` when it is a number of now. */
export function whyNoNumber(value: number, timestampMs: number | undefined, now: number): string | undefined {
  if (!Number.isFinite(value)) return `the value is ${Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'}`;
  if (timestampMs !== undefined && now - timestampMs > staleAfterMs) return `the value ${value} is of ${isoTime(timestampMs)}, more than 5 minutes ago`;
  return undefined;
}

/** Any number may stand for a time in what a target sends, also one that no date can hold. */
const isoTime = (ms: number): string => (Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : `${ms} ms`);
