import { z } from 'zod';
import { parseNumber } from './exposition.js';
import { readBuckets, type Bucket } from './histogram-buckets.js';
import { whyNoNumber, type Silence } from './metric-samples.js';
import { askPrometheus, type PrometheusServer } from './prometheus-api.js';

/** One number is a few hundred bytes, a hundred buckets ten thousand; an answer of this size is a query that should have been a sum. */
const maxBytes = 1_048_576;

/** The outcome of a query: what was asked for, nothing at all, or why it is neither. */
export type Outcome<T> = { kind: 'found'; value: T } | { kind: 'empty' } | Silence;

export const Point = z.tuple([z.number(), z.string()]);
export const Labels = z.record(z.string(), z.string());

const Data = z.discriminatedUnion('resultType', [
  // A native histogram has no value.
  z.object({ resultType: z.literal('vector'), result: z.array(z.object({ metric: Labels.default({}), value: Point.optional() })) }),
  z.object({ resultType: z.literal('scalar'), result: Point }),
  z.object({ resultType: z.enum(['matrix', 'string']) }),
]);
type Data = z.infer<typeof Data>;
type Series = Extract<Data, { resultType: 'vector' }>['result'];

/** Asks for the one number that `query` gives at `time` (ms since the epoch). Never throws but for the signal's reason. */
export async function askNumber(server: PrometheusServer, query: string, time: number, signal: AbortSignal): Promise<Outcome<number>> {
  const answer = await ask(server, query, time, signal);
  if (answer.kind !== 'found') return answer;
  const [first, second] = answer.value;
  if (first === undefined) return { kind: 'empty' };
  if (second !== undefined) return severalSeries(answer.value.length);
  return first.value === undefined ? nativeHistogram : numberOf(first.value, time);
}

/** The same for the buckets that it gives, one series for each `le`. */
export async function askBuckets(server: PrometheusServer, query: string, time: number, signal: AbortSignal): Promise<Outcome<Record<string, number>>> {
  const answer = await ask(server, query, time, signal);
  if (answer.kind !== 'found') return answer;
  if (answer.value.length === 0) return { kind: 'empty' };
  const buckets: Bucket[] = [];
  for (const { metric, value } of answer.value) {
    const wrong = whyNoBucket(metric);
    if (wrong !== undefined) return wrong;
    if (value === undefined) return nativeHistogram;
    const count = numberOf(value, time);
    if (count.kind !== 'found') return 'reason' in count ? { ...count, reason: `le="${metric.le}": ${count.reason}` } : count;
    buckets.push([metric.le!, count.value]);
  }
  return readBuckets(buckets);
}

/** Why a series is not one of the buckets of one histogram; `undefined` when it is. */
export function whyNoBucket(metric: Record<string, string>): Silence | undefined {
  if (!Object.hasOwn(metric, 'le')) return lasting('what came back has no label le: is it a counter of buckets, with a name such as x_bucket?');
  const others = Object.keys(metric).filter((label) => label !== 'le');
  return others.length === 0 ? undefined : lasting(`several series came back for each le, by ${others.slice(0, 5).join(', ')}: wrap the query in sum by (le) ()`);
}

/** What came back where one number should. */
const severalSeries = (count: number): Silence => lasting(`${count} series came back where one number should: wrap the query in sum()`);

async function ask(server: PrometheusServer, query: string, time: number, signal: AbortSignal): Promise<{ kind: 'found'; value: Series } | Silence> {
  const reply = await askPrometheus(server, {
    method: 'POST', path: 'api/v1/query', data: Data, maxBytes,
    parameters: [['query', query], ['time', (time / 1_000).toFixed(3)], ['timeout', `${server.timeoutMs}ms`]],
  }, signal);
  if (reply.kind !== 'data') return reply;
  switch (reply.data.resultType) {
    case 'scalar':
      return { kind: 'found', value: [{ metric: {}, value: reply.data.result }] };
    case 'vector':
      return { kind: 'found', value: reply.data.result };
    default:
      return lasting(`a ${reply.data.resultType} came back where a number should`);
  }
}

function numberOf([seconds, text]: z.infer<typeof Point>, now: number): Outcome<number> {
  const value = parseNumber(text);
  if (value === undefined) return lasting(`${JSON.stringify(text.slice(0, 40))} came back where a number should`);
  const reason = whyNoNumber(value, seconds * 1_000, now);
  return reason === undefined ? { kind: 'found', value } : { kind: 'no-data', reason };
}

const lasting = (reason: string): Silence => ({ kind: 'error', reason, lasting: true });

const nativeHistogram = lasting('a native histogram came back where a number should');
