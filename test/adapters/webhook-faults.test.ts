import { describe, it } from 'vitest';
import { webhookMetrics } from '../../src/adapters/webhook-metrics.js';
import { WebhookMetrics, type Check } from '../../src/rollout/schema/check.js';
import { errors, latency, memory, time } from './fake-prometheus.js';
import { startServer } from './http-server.js';
import { brokenAnswers, expectNeverJudged, patience, staysBelow } from './metric-faults.js';

const checks: Check[] = [errors, memory, latency];
const cursor = Object.fromEntries(checks.map(({ name }) => [name, time.now - 10_000]));

const source = (url: string, timeout = patience) =>
  webhookMetrics({ allow: [], allowLoopback: true }, () => time.now)(WebhookMetrics.parse({ type: 'webhook', url, timeout }), {});

const answering = async (samples: unknown) => source((await startServer((_, response) => response.end(JSON.stringify({ samples })))).url);

describe('a webhook that gives no samples never lets a region through and never rolls it back', () => {
  it.each(brokenAnswers)('%s', async (_, says, timeout, answer) => {
    const failing = source((await startServer(answer)).url, timeout);
    await staysBelow(100, async () => {
      for (const check of checks) await expectNeverJudged({ check, source: failing, cursor }, 'error', says);
    });
  });

  it.each([
    ['nothing at all', { errors: null, memory: null, latency: null }, 'no-data', /the service has no data/],
    ['a hole in its numbers', { errors: { bad: 0, total: null }, memory: { value: null }, latency: { buckets: { 0.1: null, '+Inf': 5 } } }, 'no-data', /is null/],
    ['numbers that are words', { errors: { bad: 0, total: 'many' }, memory: { value: 'NaN' }, latency: { buckets: { 0.1: 'few', '+Inf': 5 } } }, 'error', /"(many|NaN|few)"/],
    ['another kind of sample', { errors: { value: 1 }, memory: { bad: 1, total: 2 }, latency: { value: 1 } }, 'error', /where|instead/],
  ] as const)('%s', async (_, samples, kind, says) => {
    for (const check of checks) await expectNeverJudged({ check, source: await answering(samples), cursor }, kind, says);
  });
});
