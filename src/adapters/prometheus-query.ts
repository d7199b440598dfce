import type { Dispatcher } from 'undici';
import { z } from 'zod';
import { boundedRequest, RequestFailed, type BoundedReply } from './bounded-request.js';
import { excerpt } from './excerpt.js';
import { parseNumber } from './exposition.js';
import { whyNoNumber } from './metric-samples.js';

/** One number is a few hundred bytes; an answer of this size is a query that should have been a sum. */
const maxBytes = 1_048_576;

/** The outcome of one instant query: a number of now, nothing at all, or why it is neither. */
export type Outcome = { kind: 'number'; value: number } | { kind: 'empty' } | { kind: 'no-data' | 'error'; reason: string };

export interface PrometheusServer {
  url: string;
  bearerToken: string | undefined;
  timeoutMs: number;
  dispatcher: Dispatcher;
}

const Point = z.tuple([z.number(), z.string()]);

/** https://prometheus.io/docs/prometheus/latest/querying/api/ */
const Reply = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('success'),
    warnings: z.array(z.string()).optional(),
    data: z.discriminatedUnion('resultType', [
      // A native histogram has no value.
      z.object({ resultType: z.literal('vector'), result: z.array(z.object({ value: Point.optional() })) }),
      z.object({ resultType: z.literal('scalar'), result: Point }),
      z.object({ resultType: z.enum(['matrix', 'string']) }),
    ]),
  }),
  z.object({ status: z.literal('error'), errorType: z.string(), error: z.string() }),
]);
type Success = Extract<z.infer<typeof Reply>, { status: 'success' }>;

/** Asks for the value of `query` at `time` (ms since the epoch). Never throws but for the signal's reason. */
export async function askPrometheus(server: PrometheusServer, query: string, time: number, signal: AbortSignal): Promise<Outcome> {
  const { bearerToken, timeoutMs, dispatcher } = server;
  if (!URL.canParse(server.url)) return error('the URL of Prometheus is not a URL: write http://host:9090');
  const url = queryUrl(server.url);
  const body = new URLSearchParams({ query, time: (time / 1_000).toFixed(3), timeout: `${timeoutMs}ms` }).toString();
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'application/json',
    ...(bearerToken === undefined ? {} : { authorization: `Bearer ${bearerToken}` }),
  };
  try {
    return outcomeOf(await boundedRequest(url, { method: 'POST', headers, body, timeoutMs, maxBytes, dispatcher, signal }), url.host, bearerToken, time);
  } catch (failure) {
    if (failure instanceof RequestFailed) return error(`${url.host} cannot be asked: ${failure.message}`);
    throw failure;
  }
}

const error = (reason: string): Outcome => ({ kind: 'error', reason });

function queryUrl(base: string): URL {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/api/v1/query`;
  return url;
}

function outcomeOf({ status, contentType, text }: BoundedReply, host: string, token: string | undefined, time: number): Outcome {
  const reply = Reply.safeParse(parseJson(text));
  if (reply.success && reply.data.status === 'error') {
    const said = excerpt(`${reply.data.errorType}: ${reply.data.error}`, { variables: { token: token ?? '' }, secretNames: ['token'] }, 200);
    return error(`${host} answered ${status}, ${said}`);
  }
  if (status !== 200) return error(`${host} answered ${status}`);
  if (!reply.success) return error(`${host} answered ${contentType || 'something'} that is not of the Prometheus HTTP API`);
  return read(reply.data as Success, time);
}

function read({ data, warnings = [] }: Success, now: number): Outcome {
  // A warning means that a part is missing: nobody knows which part.
  if (warnings.length > 0) return { kind: 'no-data', reason: `the answer is partial, with the warning ${JSON.stringify(warnings[0]!.slice(0, 200))}` };
  switch (data.resultType) {
    case 'scalar':
      return numberOf(data.result, now);
    case 'vector': {
      const [first, second] = data.result;
      if (first === undefined) return { kind: 'empty' };
      if (second !== undefined) return error(`${data.result.length} series came back where one number should: wrap the query in sum()`);
      return first.value === undefined ? error('a native histogram came back where a number should') : numberOf(first.value, now);
    }
    default:
      return error(`a ${data.resultType} came back where a number should`);
  }
}

function numberOf([seconds, text]: z.infer<typeof Point>, now: number): Outcome {
  const value = parseNumber(text);
  if (value === undefined) return error(`${JSON.stringify(text.slice(0, 40))} came back where a number should`);
  const reason = whyNoNumber(value, seconds * 1_000, now);
  return reason === undefined ? { kind: 'number', value } : { kind: 'no-data', reason };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // What is not JSON is refused by the schema, with the same words as any other answer that makes no sense.
  }
}
