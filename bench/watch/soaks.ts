import type { SoakWork } from '../../activities/work.js';
import { regionSettings } from '../../src/rollout/document/settings.js';
import type { Check } from '../../src/rollout/schema/check.js';
import { PipelineDocument } from '../../src/rollout/schema/pipeline.js';

const total = 'http_requests_total{route="/checkout"}';

/** The questions of each soak: three counters, a distribution and a gauge. */
export const checks: Check[] = [
  { name: 'errors', kind: 'ratio', bad: 'http_requests_total{route="/checkout",status=~"5.."}', total, objective: 0.99 },
  { name: 'slow', kind: 'ratio', bad: 'http_requests_slow_total{route="/checkout"}', total, objective: 0.98 },
  { name: 'retries', kind: 'ratio', bad: 'http_retries_total{route="/checkout"}', total, objective: 0.95 },
  { name: 'times', kind: 'histogram', buckets: 'http_request_duration_seconds_bucket{route="/checkout"}' },
  { name: 'memory', kind: 'value', query: 'process_resident_memory_bytes', max: 268_435_456, margin: 1.5 },
];

/** The soak number `index`, compared with the `controls` regions after it; it is never long enough. */
export function soakWork(index: number, { controls, intervalSeconds, metricsUrl }: { controls: number; intervalSeconds: number; metricsUrl: string }): Omit<SoakWork, 'workflowId'> {
  const environment = 'production';
  const region = `region-${index}`;
  const startedAt = new Date().toISOString();
  const metricsAt = (at: number) => ({ type: 'scrape' as const, url: `${metricsUrl}/${at}/metrics`, timeout: '5s' });
  const document = PipelineDocument.parse({
    apiVersion: 'meridian/v1', kind: 'Pipeline', name: 'watched', owner: { team: 'bench', contact: '#bench' },
    regions: { [region]: { weight: 1 } },
    target: { type: 'webhook', url: 'http://127.0.0.1/hook' },
    metrics: metricsAt(index),
    checks,
    soak: { min: '1d', max: '2d', interval: `${intervalSeconds}s` },
    lifecycle: [{ environment }],
  });
  return {
    pipeline: document.name, rollout: 'watched-1', environment, region,
    settings: regionSettings(document, { environment, region }),
    release: { version: '1.0.0' },
    startedAt,
    changedAt: startedAt,
    previous: null,
    controls: Array.from({ length: controls }, (_, each) => ({ environment, region: `control-${each}`, metrics: metricsAt(index + each + 1), variables: [] })),
    carried: {},
    budgetLeft: null,
  };
}
