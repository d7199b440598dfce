import type { MetricSource } from '../../activities/ports/metric-source.js';
import { scrapeMetrics } from '../../src/adapters/scrape-metrics.js';
import { ScrapeMetrics, type HistogramCheck, type RatioCheck, type ValueCheck } from '../../src/rollout/schema/check.js';
import { startServer } from './http-server.js';
import { patience } from './metric-faults.js';

export const errors: RatioCheck = { name: 'errors', kind: 'ratio', bad: 'requests_total{status=~"5.."}', total: 'requests_total', objective: 0.99 };
export const memory: ValueCheck = { name: 'memory', kind: 'value', query: 'memory_share', max: 0.9 };
export const latency: HistogramCheck = { name: 'latency', kind: 'histogram', buckets: 'seconds_bucket' };

export const source = (url: string, timeout = patience): MetricSource => scrapeMetrics()(ScrapeMetrics.parse({ type: 'scrape', url: `${url}/metrics`, timeout }));

/** A target whose metrics are the texts, one for each look; the last one stays. */
export async function target(...texts: string[]): Promise<MetricSource> {
  const left = [...texts];
  const server = await startServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(left.length > 1 ? left.shift() : left[0]);
  });
  return source(server.url);
}

export const requests = (good: number, bad?: number): string =>
  `# TYPE requests_total counter\nrequests_total{status="200"} ${good}\n${bad === undefined ? '' : `requests_total{status="500"} ${bad}\n`}`;

/** Cumulative buckets of one histogram. */
export const seconds = (counts: Record<string, number>, labels = ''): string =>
  Object.entries(counts).map(([le, count]) => `seconds_bucket{${labels}le="${le}"} ${count}\n`).join('');
