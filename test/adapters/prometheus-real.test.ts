import { Counter, Gauge, Registry } from 'prom-client';
import { describe, expect, it, vi } from 'vitest';
import type { MetricSource } from '../../activities/ports/metric-source.js';
import { prometheusMetrics } from '../../src/adapters/prometheus-metrics.js';
import type { Sample } from '../../src/judge/sample.js';
import { PrometheusMetrics, type RatioCheck, type ValueCheck } from '../../src/rollout/schema/check.js';
import { startServer } from './http-server.js';
import { never, TestSoak } from './metric-faults.js';
import { hasPrometheus, startPrometheus } from './prometheus-server.js';

const errors: RatioCheck = { name: 'errors', kind: 'ratio', bad: 'requests_total{status=~"5.."}', total: 'requests_total', objective: 0.9 };

const source = (url: string): MetricSource => prometheusMetrics()(PrometheusMetrics.parse({ type: 'prometheus', url }), {});

/** A shop that serves as many requests between two scrapes as it is told, and a real Prometheus that scrapes it. */
async function shop(traffic: { good: number; bad: number }): Promise<{ prometheus: string; restart: () => void }> {
  const registry = new Registry();
  const requests = new Counter({ name: 'requests_total', help: 'Requests', labelNames: ['status'], registers: [registry] });
  new Gauge({ name: 'memory_share', help: 'Memory', registers: [registry] }).set(0.5);
  requests.inc({ status: '500' }, 0);
  const server = await startServer((_, response) => {
    requests.inc({ status: '200' }, traffic.good);
    if (traffic.bad > 0) requests.inc({ status: '500' }, traffic.bad);
    void registry.metrics().then((text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text));
  });
  return { prometheus: await startPrometheus(server.url), restart: () => requests.reset() };
}

/** A region that does not change, as large as what the shop serves between two looks. */
const quiet: Sample = { kind: 'ratio', bad: 1, total: 1_000 };

/** Looks until the samples say what they must: Prometheus scrapes in its own time. */
const looksUntil = (soak: TestSoak, check: (look: Awaited<ReturnType<TestSoak['look']>>) => void): Promise<void> =>
  vi.waitFor(async () => check(await soak.look()), { timeout: 30_000, interval: 300 });

describe.skipIf(!hasPrometheus)('a real Prometheus (skipped where none is installed: apt-get install prometheus)', () => {
  it('gives the increase of real counters, and the judge its verdict', async () => {
    const traffic = { good: 100, bad: 0 };
    const { prometheus } = await shop(traffic);
    const soak = new TestSoak(source(prometheus), errors, quiet);
    await looksUntil(soak, ({ verdict, result }) => {
      expect(result).toMatchObject({ observed: 0, limit: 0.1 });
      expect(verdict.decision).toBe('pass');
    });
    traffic.bad = 100;
    await looksUntil(soak, ({ verdict, result }) => {
      expect(verdict.decision).toBe('fail');
      expect(result).toMatchObject({ verdict: 'fail', controls: ['virginia'] });
    });
  });

  it('counts on after its counters were reset: no window is negative', async () => {
    const { prometheus, restart } = await shop({ good: 100, bad: 1 });
    const soak = new TestSoak(source(prometheus), errors);
    const ratios: { bad: number; total: number }[] = [];
    const collect = (enough: number): Promise<void> => looksUntil(soak, ({ sample }) => {
      expect(sample.kind).not.toBe('error');
      if (sample.kind === 'ratio') ratios.push(sample);
      expect(ratios.length).toBeGreaterThanOrEqual(enough);
    });
    await collect(4);
    restart();
    await collect(10);
    for (const { bad, total } of ratios) {
      expect(total).toBeGreaterThan(0);
      expect(bad / total).toBeCloseTo(1 / 101, 2);
    }
  });

  it('answers every kind of query as the adapter expects', async () => {
    const { prometheus } = await shop({ good: 1, bad: 1 });
    const ask = async (query: string): Promise<Sample> => {
      const check: ValueCheck = { name: 'value', kind: 'value', query, max: 1 };
      return (await source(prometheus).look([check], undefined, never)).samples.value!;
    };
    await vi.waitFor(async () => expect(await ask('memory_share')).toEqual({ kind: 'value', value: 0.5 }), { timeout: 30_000, interval: 200 });
    expect(await ask('scalar(memory_share)')).toEqual({ kind: 'value', value: 0.5 });
    expect(await ask('0 / 0')).toEqual({ kind: 'no-data', reason: '0 / 0: the value is NaN' });
    expect(await ask('-memory_share / 0')).toEqual({ kind: 'no-data', reason: '-memory_share / 0: the value is -Inf' });
    expect(await ask('no_such_metric')).toEqual({ kind: 'no-data', reason: 'no_such_metric: the answer is empty' });
    expect(await ask('requests_total')).toEqual({ kind: 'error', reason: 'requests_total: 2 series came back where one number should: wrap the query in sum()' });
    expect(await ask('memory_share[1m]')).toEqual({ kind: 'error', reason: 'memory_share[1m]: a matrix came back where a number should' });
    expect(await ask('"up"')).toEqual({ kind: 'error', reason: '"up": a string came back where a number should' });
    expect(await ask('sum(')).toMatchObject({ kind: 'error', reason: expect.stringMatching(/answered 400, bad_data: .*parse error/) });
  });
});
