import { Histogram, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { errors, latency, memory, requests, seconds, source, target } from './fake-target.js';
import { startServer } from './http-server.js';
import { never, TestSoak } from './metric-faults.js';

describe('a ratio from scraped counters', () => {
  it('is what the counters have gained since the look before; the first look begins to count', async () => {
    const soak = new TestSoak(await target(requests(1_000, 500), requests(1_150, 502), requests(1_400, 503)), errors);
    expect((await soak.look()).sample).toEqual({ kind: 'no-data', reason: 'requests_total: first look, counting starts now' });
    expect((await soak.look()).sample).toEqual({ kind: 'ratio', bad: 2, total: 152 });
    expect((await soak.look()).sample).toEqual({ kind: 'ratio', bad: 1, total: 251 });
  });

  it('takes a counter of errors that is not there for one that has not counted yet', async () => {
    const soak = new TestSoak(await target(requests(0), requests(200), requests(400, 7)), errors);
    await soak.look();
    expect((await soak.look()).sample).toEqual({ kind: 'ratio', bad: 0, total: 200 });
    expect((await soak.look()).sample).toEqual({ kind: 'ratio', bad: 7, total: 207 });
  });

  it('counts from zero after a counter was reset, each series for itself', async () => {
    const soak = new TestSoak(await target(requests(1_000, 10), requests(40, 12), requests(50, 1)), errors);
    await soak.look();
    expect((await soak.look()).sample).toEqual({ kind: 'ratio', bad: 2, total: 42 });
    expect((await soak.look()).sample).toEqual({ kind: 'ratio', bad: 1, total: 11 });
  });

  it('counts from zero after the process began anew, even when its counters are already higher than they were', async () => {
    const process = (started: number): string => `process_start_time_seconds ${started}\n`;
    const soak = new TestSoak(await target(process(100) + requests(10, 1), process(200) + requests(300, 2), process(200) + requests(301, 2)), errors);
    await soak.look();
    expect((await soak.look()).sample).toEqual({ kind: 'ratio', bad: 2, total: 302 });
    expect((await soak.look()).sample).toEqual({ kind: 'ratio', bad: 0, total: 1 });
  });

  it('counts from zero what a crashed process counts again', async () => {
    const soak = new TestSoak(await target(requests(500, 10), requests(20), requests(60, 12)), errors);
    await soak.look();
    expect((await soak.look()).sample).toEqual({ kind: 'ratio', bad: 0, total: 20 });
    expect((await soak.look()).sample).toEqual({ kind: 'ratio', bad: 12, total: 52 });
  });

  it('loses nothing over a look that failed', async () => {
    let isDown = false;
    let served = 0;
    const server = await startServer((_, response) => {
      served += 100;
      response.writeHead(isDown ? 500 : 200, { 'content-type': 'text/plain' }).end(requests(served, 0));
    });
    const soak = new TestSoak(source(server.url), errors);
    await soak.look();
    isDown = true;
    expect((await soak.look()).sample.kind).toBe('error');
    isDown = false;
    expect((await soak.look()).sample).toEqual({ kind: 'ratio', bad: 0, total: 200 });
  });

  it('does not count old requests again after the counters were away for a look', async () => {
    const soak = new TestSoak(await target(requests(1_000, 10), requests(1_100, 10), '', requests(1_300, 11)), errors);
    await soak.look();
    await soak.look();
    expect((await soak.look()).sample).toEqual({ kind: 'no-data', reason: 'requests_total: no series matches' });
    expect((await soak.look()).sample).toEqual({ kind: 'ratio', bad: 1, total: 201 });
  });

  it('asks once for all checks of a look', async () => {
    const server = await startServer((_, response) => response.end(`${requests(1, 0)}memory_share 0.5\n`));
    const { samples } = await source(server.url).look([errors, memory, { ...errors, name: 'again' }], undefined, never);
    expect(Object.keys(samples)).toEqual(['errors', 'memory', 'again']);
    expect(server.received).toMatchObject([{ method: 'GET', path: '/metrics' }]);
  });

  it('begins anew with a cursor that it did not write', async () => {
    const { samples, cursor } = await (await target(requests(1, 0))).look([errors], { errors: 'from another version' }, never);
    expect(samples.errors).toMatchObject({ kind: 'no-data', reason: expect.stringContaining('first look') });
    expect(JSON.stringify(cursor).length).toBeLessThan(200);
  });
});

describe('a value from a scraped gauge', () => {
  it('is the value of the one series that matches', async () => {
    const soak = new TestSoak(await target('memory_share 0.5\n'), memory);
    expect((await soak.look()).sample).toEqual({ kind: 'value', value: 0.5 });
  });
});

describe('a histogram from scraped buckets', () => {
  it('is what its buckets have gained since the look before, summed over its series by their edge', async () => {
    const at = (...counts: [number, number, number]): string => seconds({ '1e-1': counts[0], '1.0': counts[1], '+Inf': counts[2] }, 'route="/",') + seconds({ 0.1: 1, 1: 1, '+Inf': 1 }, 'route="/a",');
    const soak = new TestSoak(await target(at(10, 20, 30), at(15, 28, 40), `${at(15, 28, 40)}${seconds({ 0.1: 2, 1: 3, '+Inf': 4 }, 'route="/new",')}`), latency);
    expect((await soak.look()).sample).toEqual({ kind: 'no-data', reason: 'seconds_bucket: first look, counting starts now' });
    expect((await soak.look()).sample).toEqual({ kind: 'histogram', buckets: { 0.1: 5, 1: 8, '+Inf': 10 } });
    expect((await soak.look()).sample).toEqual({ kind: 'histogram', buckets: { 0.1: 2, 1: 3, '+Inf': 4 } });
  });

  it('counts from zero after a reset, all buckets of a histogram together and each histogram for itself', async () => {
    const two = (one: [number, number, number], other: [number, number, number]): string =>
      [one, other].map(([a, b, c], index) => seconds({ 0.1: a, 1: b, '+Inf': c }, `route="/${index}",`)).join('');
    // The lowest bucket of the first has already more than before; the others tell that it was reset.
    const soak = new TestSoak(await target(two([5, 20, 30], [1, 2, 3]), two([6, 7, 8], [2, 4, 6])), latency);
    await soak.look();
    expect((await soak.look()).sample).toEqual({ kind: 'histogram', buckets: { 0.1: 7, 1: 9, '+Inf': 11 } });
  });

  it('counts from zero after the process began anew', async () => {
    const process = (started: number): string => `process_start_time_seconds ${started}\n`;
    const soak = new TestSoak(await target(process(100) + seconds({ 1: 1, '+Inf': 2 }), process(200) + seconds({ 1: 7, '+Inf': 9 })), latency);
    await soak.look();
    expect((await soak.look()).sample).toEqual({ kind: 'histogram', buckets: { 1: 7, '+Inf': 9 } });
  });

  it('of prom-client is read as it stands', async () => {
    const registry = new Registry();
    const histogram = new Histogram({ name: 'seconds', help: 'Time', buckets: [0.005, 0.1, 1, 10], labelNames: ['route'], registers: [registry] });
    const server = await startServer((_, response) => {
      histogram.observe({ route: '/' }, 0.05);
      histogram.observe({ route: '/a' }, 20);
      void registry.metrics().then((text) => response.end(text));
    });
    const soak = new TestSoak(source(server.url), latency);
    await soak.look();
    expect((await soak.look()).sample).toEqual({ kind: 'histogram', buckets: { 0.005: 0, 0.1: 1, 1: 1, 10: 1, '+Inf': 2 } });
  });
});

it('a target keeps no past', async () => {
  const range = { fromMs: 0, toMs: 3_600_000, stepMs: 30_000 };
  expect(await (await target(requests(1))).history([errors, memory, latency], range, never)).toEqual({ errors: [], memory: [], latency: [] });
});

it('a look that is cancelled ends with the reason of the cancellation', async () => {
  const server = await startServer(() => {});
  await expect(source(server.url).look([errors], undefined, AbortSignal.abort(new Error('cancelled')))).rejects.toThrow('cancelled');
});
