import type { MetricSource } from '../../activities/ports/metric-source.js';
import { prometheusMetrics } from '../../src/adapters/prometheus-metrics.js';
import { PrometheusMetrics, type HistogramCheck, type RatioCheck, type ValueCheck } from '../../src/rollout/schema/check.js';
import { startServer, type Received, type TestServer } from './http-server.js';
import { patience } from './metric-faults.js';

export const errors: RatioCheck = { name: 'errors', kind: 'ratio', bad: 'requests_total{status=~"5.."}', total: 'requests_total', objective: 0.99 };
export const memory: ValueCheck = { name: 'memory', kind: 'value', query: 'max(memory_share)', max: 0.9 };
export const latency: HistogramCheck = { name: 'latency', kind: 'histogram', buckets: 'seconds_bucket' };

/** Ten seconds pass between two looks. */
export const time = { now: Date.UTC(2026, 10, 21) };
const clock = (): number => (time.now += 10_000);

export const source = (url: string, settings: Partial<PrometheusMetrics> = {}, variables: Record<string, string> = {}): MetricSource =>
  prometheusMetrics(clock)(PrometheusMetrics.parse({ type: 'prometheus', url, timeout: patience, ...settings }), variables);

/** The parameters of a request, wherever they stand. */
export const parametersOf = ({ path, body }: Pick<Received, 'path' | 'body'>): URLSearchParams =>
  new URLSearchParams(body === '' ? path.split('?')[1] : body);

export const queryOf = (request: Pick<Received, 'path' | 'body'>): string => parametersOf(request).get('query')!;

export const success = (data: unknown, more: object = {}): string => JSON.stringify({ status: 'success', data, ...more });

/** Later than every look of a test, so that an answer is never old. */
const answeredAt = time.now / 1_000 + 86_400;

export const vector = (...values: string[]): unknown =>
  ({ resultType: 'vector', result: values.map((value) => ({ metric: {}, value: [answeredAt, value] })) });

/** One series for each `le`. */
export const buckets = (counts: Record<string, string | number>, labels: Record<string, string> = {}): unknown =>
  ({ resultType: 'vector', result: Object.entries(counts).map(([le, count]) => ({ metric: { le, ...labels }, value: [answeredAt, String(count)] })) });

/** A server that answers each request with what `answer` gives for its query. */
export const prometheus = (answer: (query: string, request: Received) => string): Promise<TestServer> => startServer((request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).end(answer(queryOf(request), request));
});

/** 200 requests a look, `bad` of them bad, 96 of 100 of them fast, and a memory share of 0.5. */
export const healthy = (bad = '0'): Promise<TestServer> => prometheus((query) => {
  if (query.includes('seconds')) return success(buckets({ 0.1: 90, 0.3: 96, '+Inf': 100 }));
  return success(vector(query.includes('memory') ? '0.5' : query.includes('status') ? bad : '200'));
});
