import { z } from 'zod';
import { parseNumber } from './exposition.js';
import { readBuckets, type Bucket } from './histogram-buckets.js';
import { askPrometheus, type PrometheusServer } from './prometheus-api.js';
import { Labels, Point, whyNoBucket } from './prometheus-query.js';

/**
 * One request brings so many steps at most: a thousand points of 40 bytes for each of a hundred buckets are 4 MB, so that a body twice as
 * long is no answer to what was asked, and a few of them at one time leave a worker alone. Prometheus itself refuses 11,000.
 */
const stepsAtOnce = 1_000;
const maxBytes = 8 * 1_048_576;

/** More of the past would cost memory and teach nothing: 24 hours in steps of 5 s, or 5 hours of seconds, those next to the end. */
const mostSteps = 18_000;

export interface Steps {
  fromMs: number;
  toMs: number;
  stepMs: number;
}

/** What a query gave at the end of each step (ms since the epoch), for every step that ends after `sinceMs`. Steps without a number are left out. */
export interface Past<T> {
  points: Map<number, T>;
  sinceMs: number;
}

const Data = z.object({
  resultType: z.literal('matrix'),
  result: z.array(z.object({ metric: Labels.default({}), values: z.array(Point).default([]) })),
});
type Matrix = z.infer<typeof Data>['result'];

/** The past of a query that gives one number. Several series are none: reading ends there. */
export const readNumbers = (server: PrometheusServer, query: string, steps: Steps, signal: AbortSignal): Promise<Past<number>> =>
  readPast(server, query, steps, signal, (matrix) => {
    if (matrix.length > 1) return undefined;
    const points = (matrix[0]?.values ?? []).map(([seconds, text]) => [msOf(seconds), parseNumber(text)] as const);
    return points.filter((point): point is [number, number] => point[1] !== undefined && Number.isFinite(point[1]));
  });

/** The past of a query that gives the buckets of one histogram. */
export const readHistograms = (server: PrometheusServer, query: string, steps: Steps, signal: AbortSignal): Promise<Past<Record<string, number>>> =>
  readPast(server, query, steps, signal, (matrix) => {
    if (matrix.some(({ metric }) => whyNoBucket(metric) !== undefined)) return undefined;
    const points: [number, Record<string, number>][] = [];
    for (const [ms, buckets] of bucketsByTime(matrix)) {
      const read = readBuckets(buckets);
      if (read.kind === 'found') points.push([ms, read.value]);
    }
    return points;
  });

function bucketsByTime(matrix: Matrix): Map<number, Bucket[]> {
  const byTime = new Map<number, Bucket[]>();
  for (const { metric, values } of matrix) {
    for (const [seconds, text] of values) {
      const ms = msOf(seconds);
      const buckets = byTime.get(ms) ?? [];
      buckets.push([metric.le!, parseNumber(text) ?? Number.NaN]);
      byTime.set(ms, buckets);
    }
  }
  return byTime;
}

/**
 * Reads backwards from the end, some steps with each request, and stops at the first answer that fails, is partial or cannot be read: the
 * past next to the deploy is what counts, and the rest of a past with holes that nobody can tell from silence is none.
 */
async function readPast<T>(
  server: PrometheusServer, query: string, { fromMs, toMs, stepMs }: Steps, signal: AbortSignal, read: (matrix: Matrix) => [number, T][] | undefined,
): Promise<Past<T>> {
  const past: Past<T> = { points: new Map(), sinceMs: toMs };
  const count = Math.min(mostSteps, Math.floor((toMs - fromMs) / stepMs));
  for (let done = 0; done < count; done += stepsAtOnce) {
    const last = toMs - done * stepMs;
    const some = Math.min(stepsAtOnce, count - done);
    const reply = await askPrometheus(server, {
      method: 'POST', path: 'api/v1/query_range', data: Data, maxBytes,
      parameters: [
        ['query', query], ['start', seconds(last - (some - 1) * stepMs)], ['end', seconds(last)], ['step', seconds(stepMs)],
        ['timeout', `${server.timeoutMs}ms`],
      ],
    }, signal);
    const points = reply.kind === 'data' ? read(reply.data.result) : undefined;
    if (points === undefined) break;
    for (const [ms, value] of points) past.points.set(ms, value);
    past.sinceMs = last - some * stepMs;
  }
  return past;
}

const seconds = (ms: number): string => (ms / 1_000).toFixed(3);

const msOf = (time: number): number => Math.round(time * 1_000);
