import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { MetricSource } from '../../activities/ports/metric-source.js';
import { parseExposition } from '../../src/adapters/exposition.js';
import { prometheusMetrics } from '../../src/adapters/prometheus-metrics.js';
import type { HistogramSample, Sample } from '../../src/judge/sample.js';
import { PrometheusMetrics, type Check, type HistogramCheck, type RatioCheck, type ValueCheck } from '../../src/rollout/schema/check.js';
import { shopFolder, ShopProcess } from '../examples/shop-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { waitFor } from '../support/wait-for.js';
import { never } from './metric-faults.js';
import { hasPrometheus, startPrometheus } from './prometheus-server.js';

const route = 'region="sydney",route="/checkout"';
const errors: RatioCheck = { name: 'errors', kind: 'ratio', bad: `http_requests_total{${route},status=~"5.."}`, total: `http_requests_total{${route}}`, objective: 0.99 };
const latency: HistogramCheck = { name: 'latency', kind: 'histogram', buckets: `http_request_duration_seconds_bucket{${route}}` };
const memory: ValueCheck = { name: 'memory', kind: 'value', query: 'process_resident_memory_bytes{region="sydney"}', max: 268_435_456 };
const checks: Check[] = [errors, latency, memory];

const ordersASecond = 100;

/** Of a look: two scrapes and more. */
const windowMs = 3_000;

/** Two regions of the shop, their customers, and a Prometheus that scrapes both. */
class Stage {
  private constructor(readonly prometheus: string, readonly sydney: ShopProcess, private readonly folder: string) {}

  static async open(): Promise<Stage> {
    const folders = { sydney: await temporaryFolder(), frankfurt: await temporaryFolder() };
    const sydney = await ShopProcess.start({ version: '1.0.0', region: 'sydney', dataFolder: folders.sydney });
    const frankfurt = await ShopProcess.start({ version: '1.0.0', region: 'frankfurt', dataFolder: folders.frankfurt });
    const load = spawn(process.execPath, [
      `${shopFolder}load.js`, '--target', `sydney=${sydney.url}=1=production`, '--target', `frankfurt=${frankfurt.url}=1=production`, '--rate', String(2 * ordersASecond),
    ], { stdio: ['pipe', 'ignore', 'inherit'] });
    onTestFinished(() => { load.kill('SIGKILL'); });
    const stage = new Stage(await startPrometheus({ sydney: sydney.url, frankfurt: frankfurt.url }, '1s'), sydney, folders.sydney);
    await waitFor('Prometheus has seen orders', async () => {
      const { samples } = await stage.source().look(checks, { errors: Date.now() - 5_000, latency: Date.now() - 5_000 }, never);
      return samples.errors!.kind === 'ratio' && samples.errors!.total > 50;
    });
    return stage;
  }

  source(clock?: () => number): MetricSource {
    return prometheusMetrics(clock)(PrometheusMetrics.parse({ type: 'prometheus', url: this.prometheus }), {});
  }

  /** Orders that sydney itself has counted. */
  async orders(): Promise<number> {
    const all = [...parseExposition(await this.sydney.metrics())];
    return all.filter(({ name, labels }) => name === 'http_requests_total' && labels.route === '/checkout').reduce((sum, { value }) => sum + value, 0);
  }

  restart(): Promise<ShopProcess> {
    return ShopProcess.start({ version: '1.0.0', region: 'sydney', dataFolder: this.folder, port: this.sydney.port });
  }
}

const total = (samples: Sample[]): number => samples.reduce((sum, sample) => sum + (sample.kind === 'ratio' ? sample.total : 0), 0);
const observations = (sample: Sample): number => (sample as HistogramSample).buckets['+Inf']!;

/** What Prometheus extrapolates at the edges of its windows, and a scrape that a busy machine has missed, make no half of it. */
const expectAbout = (seen: number, real: number): void => {
  expect(seen).toBeGreaterThan(real * 0.6);
  expect(seen).toBeLessThan(real * 1.4);
};

describe.skipIf(!hasPrometheus)('a real Prometheus beside the shop under load (skipped where none is installed: apt-get install prometheus)', () => {
  let stage: Stage;
  beforeEach(async () => { stage = await Stage.open(); });

  it('gives increments that together are what the shop has counted: nothing twice, nothing left out', async () => {
    const source = stage.source();
    let { cursor } = await source.look(checks, undefined, never);
    const before = await stage.orders();
    const seen: Record<string, Sample>[] = [];
    for (let look = 0; look < 5 || seen.at(-1)!.errors!.kind === 'no-data'; look++) {
      await sleep(windowMs);
      const next = await source.look(checks, cursor, never);
      seen.push(next.samples);
      cursor = next.cursor;
    }
    const gained = await stage.orders() - before;
    expect(gained).toBeGreaterThan(100);
    expectAbout(total(seen.map(({ errors: sample }) => sample!)), gained);
    const histograms = seen.map(({ latency: sample }) => sample!).filter((sample) => sample.kind === 'histogram');
    expectAbout(histograms.reduce((sum, { buckets }) => sum + buckets['+Inf']!, 0), gained);
    for (const { buckets } of histograms) expect(Object.keys(buckets).toSorted()).toEqual(['+Inf', '0.005', '0.025', '0.1', '0.3', '1', '3']);
    const bytes = seen.flatMap(({ memory: sample }) => (sample!.kind === 'value' ? [sample!.value] : []));
    expect(Math.min(...bytes)).toBeGreaterThan(10_000_000);
    // A scrape that was missed is no data; nothing else is silent.
    expect(seen.flatMap((samples) => Object.values(samples)).filter(({ kind }) => kind === 'error')).toEqual([]);
  });

  it('gives the past as a look at that time would have given it', async () => {
    const [ordersBefore, since] = [await stage.orders(), Date.now()];
    await sleep(3 * windowMs);
    const ordersAWindow = (await stage.orders() - ordersBefore) * windowMs / (Date.now() - since);
    // What was scraped until then is written.
    const toMs = Date.now() - 1_500;
    const past = await stage.source().history(checks, { fromMs: toMs - 3 * windowMs, toMs, stepMs: windowMs }, never);
    for (const at of [toMs - 2 * windowMs, toMs - windowMs, toMs]) {
      const { samples } = await stage.source(() => at).look(checks, { errors: at - windowMs, latency: at - windowMs }, never);
      for (const { name, kind } of checks) expect(past[name]!.filter(({ atMs }) => atMs === at).map(({ sample }) => sample)).toEqual(samples[name]!.kind === kind ? [samples[name]] : []);
    }
    expect(past.errors!.length).toBeGreaterThan(0);
    expectAbout(total(past.errors!.map(({ sample }) => sample)) / past.errors!.length, ordersAWindow);
  });

  it('counts on over the death of a region, which is no data while it lasts', async () => {
    const source = stage.source();
    let { cursor } = await source.look(checks, undefined, never);
    const look = async (): Promise<Record<string, Sample>> => {
      const next = await source.look(checks, cursor, never);
      cursor = next.cursor;
      for (const sample of Object.values(next.samples)) expect(sample.kind).not.toBe('error');
      return next.samples;
    };
    await waitFor('the region is counted', async () => {
      await sleep(windowMs);
      return (await look()).errors!.kind === 'ratio';
    });

    await stage.sydney.stop('SIGKILL');
    const isSilent = (samples: Record<string, Sample>): boolean => checks.every(({ name }) => samples[name]!.kind === 'no-data');
    const silent = await waitFor('nothing is left of the region', async () => {
      await sleep(300);
      const samples = await look();
      return isSilent(samples) && samples;
    });
    expect(silent).toEqual({
      errors: { kind: 'no-data', reason: `${errors.total}: the answer is empty` },
      latency: { kind: 'no-data', reason: `${latency.buckets}: the answer is empty` },
      memory: { kind: 'no-data', reason: `${memory.query}: the answer is empty` },
    });

    await stage.restart();
    // The first window reaches back to before its death: its counters fell meanwhile, and nothing of that is negative.
    await waitFor('orders are counted again', async () => {
      await sleep(1_000);
      const samples = await look();
      return checks.every(({ name, kind }) => samples[name]!.kind === kind) && total([samples.errors!]) > 0 && observations(samples.latency!) > 0;
    });
  });

  it('says of each check whether it can fail', async () => {
    const typos: Check[] = [
      { ...errors, name: 'wrong-metric', bad: 'http_requsts_total{region="sydney",status=~"5.."}' },
      { ...errors, name: 'wrong-label', bad: 'http_requests_total{region="sydney",statsu=~"5.."}' },
      { ...errors, name: 'no-pattern', bad: 'http_requests_total{region="sydney",status="5.."}' },
      { ...latency, name: 'no-buckets', buckets: 'http_requests_total{region="sydney"}' },
      { ...memory, name: 'no-query', query: 'max(' },
      { ...memory, name: 'several', query: 'process_resident_memory_bytes' },
    ];
    const nowhere: Check[] = [
      { ...errors, name: 'new-region', bad: 'http_requests_total{region="tokyo",status=~"5.."}', total: 'http_requests_total{region="tokyo"}' },
      { ...latency, name: 'histogram', buckets: 'http_request_duration_seconds{region="sydney"}' },
    ];
    const found = await stage.source().selfTest([...checks, ...typos, ...nowhere], never);
    expect(found).toEqual([
      { check: 'errors', outcome: 'works', saw: expect.stringMatching(/^asked with everything bad, ([\d.]+) of \1 were: that fails the objective 0\.99$/) },
      { check: 'latency', outcome: 'works', saw: expect.stringContaining('observations in 7 cumulative buckets') },
      { check: 'memory', outcome: 'works', saw: expect.stringContaining(`${memory.query} is `) },
      { check: 'wrong-metric', outcome: 'broken', saw: expect.stringContaining('there is no metric http_requsts_total. Did you mean http_requests_total?') },
      { check: 'wrong-label', outcome: 'broken', saw: expect.stringContaining('http_requests_total has no label statsu. Did you mean status?') },
      { check: 'no-pattern', outcome: 'broken', saw: expect.stringContaining('write status=~"5.." for a pattern') },
      { check: 'no-buckets', outcome: 'broken', saw: expect.stringContaining('has no label le') },
      { check: 'no-query', outcome: 'broken', saw: expect.stringContaining('parse error') },
      { check: 'several', outcome: 'broken', saw: expect.stringContaining('2 series came back') },
      { check: 'new-region', outcome: 'untested', saw: expect.stringContaining('the answer is empty') },
      { check: 'histogram', outcome: 'untested', saw: expect.stringContaining('is a histogram, write http_request_duration_seconds_bucket') },
    ]);
  });
});
