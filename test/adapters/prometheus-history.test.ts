import { describe, expect, it } from 'vitest';
import type { History } from '../../activities/ports/metric-source.js';
import type { Check } from '../../src/rollout/schema/check.js';
import { errors, latency, memory, parametersOf, queryOf, source, success } from './fake-prometheus.js';
import { startServer, type Received, type TestServer } from './http-server.js';
import { never } from './metric-faults.js';

const noon = Date.UTC(2026, 10, 21, 12);
const minute = 60_000;

type Series = { labels?: Record<string, string>; at(ms: number): string | undefined };

/** A server that gives each query's series at every step that it is asked for, within the limits of Prometheus. */
const recorded = (seriesOf: (query: string) => Series[], more: (request: Received) => object = () => ({})): Promise<TestServer> =>
  startServer((request, response) => {
    const [start, end, step] = ['start', 'end', 'step'].map((name) => Math.round(Number(parametersOf(request).get(name)) * 1_000));
    if ((end! - start!) / step! > 11_000) return response.writeHead(400).end('{"status":"error","errorType":"bad_data","error":"exceeded maximum resolution of 11,000 points per timeseries"}');
    const times = Array.from({ length: Math.floor((end! - start!) / step!) + 1 }, (_, index) => start! + index * step!);
    const result = seriesOf(queryOf(request))
      .map(({ labels = {}, at }) => ({ metric: labels, values: times.flatMap((ms) => (at(ms) === undefined ? [] : [[ms / 1_000, at(ms)]])) }))
      .filter(({ values }) => values.length > 0);
    return response.writeHead(200, { 'content-type': 'application/json' }).end(success({ resultType: 'matrix', result }, more(request)));
  });

const always = (value: string): Series => ({ at: () => value });
const historyOf = async (server: TestServer, check: Check, range: { fromMs: number; toMs: number; stepMs: number }): Promise<History> =>
  (await source(server.url).history([check], range, never))[check.name]!;

describe('the past in Prometheus', () => {
  const hour = { fromMs: noon - 60 * minute, toMs: noon, stepMs: minute };

  it('of a ratio is one increase for each step, in windows that touch and do not overlap', async () => {
    const server = await recorded((query) => [always(query.includes('status') ? '1' : '200')]);
    const history = await historyOf(server, errors, hour);
    expect(history.map(({ atMs }) => atMs)).toEqual(Array.from({ length: 60 }, (_, index) => noon - (59 - index) * minute));
    expect(new Set(history.map(({ sample }) => JSON.stringify(sample)))).toEqual(new Set(['{"kind":"ratio","bad":1,"total":200}']));
    expect(new Set(server.received.map((request) => `${request.path} ${queryOf(request)} ${parametersOf(request).get('step')}`))).toEqual(new Set([
      '/api/v1/query_range sum(increase(requests_total[60000ms])) 60.000', '/api/v1/query_range sum(increase(requests_total{status=~"5.."}[60000ms])) 60.000',
    ]));
  });

  it('of a value is what its query gave, over the step where it has a window', async () => {
    const server = await recorded(() => [always('0.5')]);
    expect(await historyOf(server, memory, { ...hour, fromMs: noon - 2 * minute })).toEqual([noon - minute, noon].map((atMs) => ({ atMs, sample: { kind: 'value', value: 0.5 } })));
    await historyOf(server, { ...memory, query: 'max(rate(cpu[$window]))' }, hour);
    expect(server.received.map(queryOf)).toEqual(['max(memory_share)', 'max(rate(cpu[60000ms]))']);
  });

  it('of a histogram is the buckets of each step; steps whose buckets are no distribution are left out', async () => {
    const server = await recorded(() => [
      { labels: { le: '0.10' }, at: () => '8' }, { labels: { le: '1' }, at: (ms) => (ms === noon - minute ? '1' : '9') }, { labels: { le: '+Inf' }, at: (ms) => (ms === noon - 2 * minute ? undefined : '10') },
    ]);
    expect(await historyOf(server, latency, { ...hour, fromMs: noon - 4 * minute })).toEqual([noon - 3 * minute, noon].map((atMs) => ({
      atMs, sample: { kind: 'histogram', buckets: { 0.1: 8, 1: 9, '+Inf': 10 } },
    })));
    expect(queryOf(server.received[0]!)).toBe('sum by (le) (increase(seconds_bucket[60000ms]))');
  });

  it('of a day in steps of 10 s is read a thousand steps at a time, each step once, whatever the range leaves over', async () => {
    const server = await recorded(() => [always('1')]);
    const history = await historyOf(server, memory, { fromMs: noon - 86_400_000 - 3_000, toMs: noon, stepMs: 10_000 });
    expect(history).toHaveLength(8_640);
    expect(history.every(({ atMs }, index) => atMs === noon - (8_639 - index) * 10_000)).toBe(true);
    expect(server.received).toHaveLength(9);
  });

  it('of a day in seconds is that of the last five hours', async () => {
    const history = await historyOf(await recorded(() => [always('1')]), memory, { fromMs: noon - 86_400_000, toMs: noon, stepMs: 1_000 });
    expect(history).toHaveLength(18_000);
    expect(history.at(-1)!.atMs).toBe(noon);
  });

  it('of a target that is scraped less often than a step is long is that of longer windows', async () => {
    const server = await recorded((query) => (query.includes('[240000ms]') ? [always('5')] : []));
    const history = await historyOf(server, errors, hour);
    expect(history).toHaveLength(15);
    expect(history.map(({ atMs }) => atMs).slice(-2)).toEqual([noon - 4 * minute, noon]);
    expect(await historyOf(await recorded((query) => (query.includes('[480000ms]') ? [always('5')] : [])), errors, hour)).toEqual([]);
  });

  it('that cannot be read is asked for once', async () => {
    const server = await startServer((_, response) => response.writeHead(503).end());
    expect(await historyOf(server, memory, hour)).toEqual([]);
    expect(server.received).toHaveLength(1);
  });

  it('is empty where the range has no whole step', async () => {
    const server = await recorded(() => [always('1')]);
    expect(await historyOf(server, memory, { fromMs: noon, toMs: noon, stepMs: minute })).toEqual([]);
    expect(await historyOf(server, memory, { fromMs: noon - minute + 1, toMs: noon, stepMs: minute })).toEqual([]);
    expect(server.received).toEqual([]);
  });

  it('leaves out what is no number, and takes no bad series beside a total for nothing bad', async () => {
    const totals: Record<number, string | undefined> = { [noon - 4 * minute]: 'NaN', [noon - 3 * minute]: '+Inf', [noon - 2 * minute]: '-5', [noon - minute]: undefined, [noon]: '100' };
    const server = await recorded((query) => (query.includes('status') ? [] : [{ at: (ms) => totals[ms] }]));
    expect(await historyOf(server, errors, { ...hour, fromMs: noon - 5 * minute })).toEqual([{ atMs: noon, sample: { kind: 'ratio', bad: 0, total: 100 } }]);
    const worse = await recorded((query) => [{ at: (ms) => (query.includes('status') ? (ms === noon ? '500' : '-1') : '100') }]);
    expect(await historyOf(worse, errors, hour)).toEqual([]);
  });

  it('is none where several series come back, or nobody can tell the window', async () => {
    const several = await recorded(() => [{ labels: { pod: 'a' }, at: () => '1' }, { labels: { pod: 'b' }, at: () => '1' }]);
    for (const check of [errors, memory, latency]) expect(await historyOf(several, check, hour)).toEqual([]);
    const server = await recorded(() => [always('1')]);
    expect(await historyOf(server, { ...errors, total: 'sum(rate(requests_total[5m]))' }, hour)).toEqual([]);
    expect(await historyOf(server, { ...latency, buckets: 'sum(rate(x[5m]))' }, hour)).toEqual([]);
    expect(server.received).toEqual([]);
  });

  it('ends where an answer is partial or fails: what is next to the deploy is kept, and silence is never taken for nothing bad', async () => {
    // The third of nine answers.
    const isPartial = (request: Received): boolean => Number(parametersOf(request).get('end')) * 1_000 === noon - 20_000_000;
    const partial = await recorded((query) => [always(query.includes('status') ? '1' : '200')], (request) => (isPartial(request) && queryOf(request).includes('status') ? { warnings: ['store gone'] } : {}));
    const day = { fromMs: noon - 86_400_000, toMs: noon, stepMs: 10_000 };
    const history = await historyOf(partial, errors, day);
    expect(history).toHaveLength(2_000);
    expect(history.every(({ sample }) => sample.kind === 'ratio' && sample.bad === 1)).toBe(true);
    expect(history[0]!.atMs).toBe(noon - 1_999 * 10_000);
  });

  it('is given up when the answer is longer than so many steps can be', async () => {
    for (const [megabytes, steps] of [[7, 60], [9, 0]] as const) {
      const long = await recorded(() => [always('1')], () => ({ infos: ['x'.repeat(megabytes * 1_048_576)] }));
      expect(await historyOf(long, memory, hour)).toHaveLength(steps);
    }
  });

  it('is waited for three times as long as a number, all checks together; what has come by then is kept', async () => {
    let asked = 0;
    const slow = await startServer((_, response) => {
      asked += 1;
      if (asked === 1) response.end(success({ resultType: 'matrix', result: [{ metric: {}, values: [[noon / 1_000, '0.5']] }] }));
    });
    const many = Array.from({ length: 20 }, (_, index) => ({ ...memory, name: `memory-${index}` }));
    const past = await source(slow.url, { timeout: '300ms' }).history(many, hour, never);
    expect(Object.keys(past)).toHaveLength(20);
    expect(past['memory-0']).toHaveLength(1);
    expect(past['memory-19']).toEqual([]);
    expect(asked).toBeLessThanOrEqual(5);
  });

  it('ends with the reason of the cancellation when it is cancelled', async () => {
    const server = await startServer(() => {});
    await expect(source(server.url).history([memory], hour, AbortSignal.abort(new Error('cancelled')))).rejects.toThrow('cancelled');
  });

  it('is none without its bearer token', async () => {
    const server = await recorded(() => [always('1')]);
    expect(await source(server.url, { bearerToken: 'TOKEN' }).history([memory, errors], hour, never)).toEqual({ memory: [], errors: [] });
    expect(server.received).toEqual([]);
  });
});
