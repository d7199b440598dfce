import { describe, expect, it } from 'vitest';
import type { RatioCheck } from '../../src/rollout/schema/check.js';
import { buckets, errors, healthy, latency, memory, prometheus, queryOf, source, success, time, vector } from './fake-prometheus.js';
import { startServer } from './http-server.js';
import { never, TestSoak } from './metric-faults.js';

describe('a ratio from Prometheus', () => {
  it('is the increase of its selectors since the look before, in windows that do not overlap', async () => {
    const server = await healthy('1');
    const soak = new TestSoak(source(`${server.url}/prom/`), errors);
    expect((await soak.look()).sample).toEqual({ kind: 'no-data', reason: 'requests_total: first look, counting starts now' });
    expect(server.received).toEqual([]);
    expect((await soak.look()).sample).toEqual({ kind: 'ratio', bad: 1, total: 200 });
    expect((await soak.look()).sample).toEqual({ kind: 'ratio', bad: 1, total: 200 });

    const asked = server.received.map(({ path, body }) => ({ path, query: queryOf({ path, body }), time: new URLSearchParams(body).get('time') }));
    const at = (ms: number): string => (ms / 1_000).toFixed(3);
    expect(new Set(asked)).toEqual(new Set([time.now - 10_000, time.now].flatMap((end) => [errors.total, errors.bad].map((selector) => ({
      path: '/prom/api/v1/query', query: `sum(increase(${selector}[10000ms]))`, time: at(end),
    })))));
  });

  it('may be any expression that says where its window belongs', async () => {
    const server = await healthy();
    const check: RatioCheck = { ...errors, bad: 'sum(increase(status_5xx[$window])) or vector(0)', total: 'sum(increase(a[$window])) + sum(increase(b[$window]))' };
    const soak = new TestSoak(source(server.url), check);
    await soak.look();
    expect((await soak.look()).sample).toEqual({ kind: 'ratio', bad: 0, total: 200 });
    expect(new Set(server.received.map(queryOf))).toEqual(new Set([
      'sum(increase(a[10000ms])) + sum(increase(b[10000ms]))', 'sum(increase(status_5xx[10000ms])) or vector(0)',
    ]));
  });

  it('is an error when nobody can tell its window', async () => {
    const server = await healthy();
    expect((await new TestSoak(source(server.url), { ...errors, total: 'sum(rate(requests_total[5m]))' }).look()).sample).toEqual({
      kind: 'error',
      reason: 'sum(rate(requests_total[5m])): neither a series selector nor an expression with $window: write sum(increase(x[$window]))',
    });
    expect(server.received).toEqual([]);
  });

  it('asks again for a window that brought nothing, as part of the next one', async () => {
    let answer = success(vector());
    const server = await prometheus(() => answer);
    const soak = new TestSoak(source(server.url), errors);
    await soak.look();
    expect((await soak.look()).sample).toEqual({ kind: 'no-data', reason: 'requests_total: the answer is empty' });
    answer = success(vector('7'));
    expect((await soak.look()).sample).toEqual({ kind: 'ratio', bad: 7, total: 7 });
    expect(new Set(server.received.map(queryOf).slice(-2))).toEqual(new Set([
      'sum(increase(requests_total[20000ms]))', 'sum(increase(requests_total{status=~"5.."}[20000ms]))',
    ]));
  });

  it('takes no bad series beside a total for nothing bad', async () => {
    const server = await prometheus((query) => success(query.includes('status') ? vector() : vector('200')));
    const soak = new TestSoak(source(server.url), errors);
    await soak.look();
    expect((await soak.look()).sample).toEqual({ kind: 'ratio', bad: 0, total: 200 });
  });

  it('is an error when what is counted went down', async () => {
    const server = await prometheus(() => success(vector('-3')));
    const soak = new TestSoak(source(server.url), errors);
    await soak.look();
    expect((await soak.look()).sample).toEqual({ kind: 'error', reason: 'requests_total: an increase of -3 came back: is it that of a counter?' });
  });

  it('is all bad when two counters differ by what is counted between them, and an error when bad is not a part of total', async () => {
    for (const [bad, sample] of [['203', { kind: 'ratio', bad: 200, total: 200 }], ['900', { kind: 'error', reason: `${errors.bad}: 900 were bad of 200: more is bad than there is` }]] as const) {
      const soak = new TestSoak(source((await healthy(bad)).url), errors);
      await soak.look();
      expect((await soak.look()).sample).toEqual(sample);
    }
  });

  it('begins anew with a cursor that it did not write, or from the future', async () => {
    const server = await healthy();
    for (const cursor of ['other', { errors: 'x' }, { errors: time.now + 3_600_000 }]) {
      expect((await source(server.url).look([errors], cursor, never)).samples.errors).toMatchObject({ kind: 'no-data' });
    }
  });
});

describe('a value from Prometheus', () => {
  it('is what its query answers, a vector of one or a scalar', async () => {
    for (const data of [vector('0.5'), { resultType: 'scalar', result: [time.now / 1_000, '0.5'] }]) {
      const server = await prometheus(() => success(data));
      const soak = new TestSoak(source(server.url), memory);
      expect((await soak.look()).sample).toEqual({ kind: 'value', value: 0.5 });
      expect(queryOf(server.received[0]!)).toBe('max(memory_share)');
    }
  });

  it('may look at the window since the look before', async () => {
    const server = await healthy();
    const soak = new TestSoak(source(server.url), { ...memory, query: 'histogram_quantile(0.99, sum by (le) (rate(memory_bucket[$window])))' });
    expect((await soak.look()).sample).toMatchObject({ kind: 'no-data', reason: expect.stringContaining('first look') });
    expect((await soak.look()).sample).toEqual({ kind: 'value', value: 0.5 });
  });
});

describe('a histogram from Prometheus', () => {
  it('is the increase of its buckets since the look before, summed by their edge', async () => {
    const server = await healthy();
    const soak = new TestSoak(source(server.url), latency);
    expect((await soak.look()).sample).toEqual({ kind: 'no-data', reason: 'seconds_bucket: first look, counting starts now' });
    expect((await soak.look()).sample).toEqual({ kind: 'histogram', buckets: { 0.1: 90, 0.3: 96, '+Inf': 100 } });
    expect(server.received.map(queryOf)).toEqual(['sum by (le) (increase(seconds_bucket[10000ms]))']);
  });

  it('may be any expression that says where its window belongs', async () => {
    const server = await healthy();
    const soak = new TestSoak(source(server.url), { ...latency, buckets: 'sum by (le) (increase(seconds_bucket{route=~"/a|/b"}[$window]))' });
    await soak.look();
    expect((await soak.look()).sample).toMatchObject({ kind: 'histogram' });
    expect(server.received.map(queryOf)).toEqual(['sum by (le) (increase(seconds_bucket{route=~"/a|/b"}[10000ms]))']);
    expect((await new TestSoak(source(server.url), { ...latency, buckets: 'sum by (le) (rate(seconds_bucket[5m]))' }).look()).sample).toEqual({
      kind: 'error',
      reason: 'sum by (le) (rate(seconds_bucket[5m])): neither a series selector nor an expression with $window: write sum by (le) (increase(x[$window]))',
    });
  });

  it('asks again for a window that brought nothing, as part of the next one', async () => {
    let answer = success(vector());
    const server = await prometheus(() => answer);
    const soak = new TestSoak(source(server.url), latency);
    await soak.look();
    expect((await soak.look()).sample).toEqual({ kind: 'no-data', reason: 'seconds_bucket: the answer is empty' });
    answer = success(buckets({ '1e-1': '12.5', Inf: '25' }));
    expect((await soak.look()).sample).toEqual({ kind: 'histogram', buckets: { 0.1: 12.5, '+Inf': 25 } });
    expect(queryOf(server.received.at(-1)!)).toBe('sum by (le) (increase(seconds_bucket[20000ms]))');
  });
});

describe('a bearer token', () => {
  it('is sent, and never shown', async () => {
    const server = await startServer((_, response) => {
      response.writeHead(401, { 'content-type': 'application/json' }).end('{"status":"error","errorType":"unauthorized","error":"bad token geheim-0815"}');
    });
    const { samples } = await source(server.url, { bearerToken: 'TOKEN' }, { TOKEN: 'geheim-0815' }).look([memory], undefined, never);
    expect(server.received[0]!.headers.authorization).toBe('Bearer geheim-0815');
    expect(samples.memory).toEqual({ kind: 'error', reason: `max(memory_share): 127.0.0.1:${server.port} answered 401, unauthorized: bad token ***` });
  });

  it('that is missing is an error, and nothing is asked', async () => {
    const server = await healthy();
    const { samples } = await source(server.url, { bearerToken: 'TOKEN' }).look([memory, errors], undefined, never);
    expect(samples).toEqual({
      memory: { kind: 'error', reason: 'TOKEN, the bearer token for Prometheus, has no value here' },
      errors: { kind: 'error', reason: 'TOKEN, the bearer token for Prometheus, has no value here' },
    });
    expect(server.received).toEqual([]);
  });
});

it('a look that is cancelled ends with the reason of the cancellation', async () => {
  const server = await startServer(() => {});
  await expect(source(server.url).look([memory], undefined, AbortSignal.abort(new Error('cancelled')))).rejects.toThrow('cancelled');
});
