import { describe, expect, it } from 'vitest';
import type { MetricSource } from '../../activities/ports/metric-source.js';
import { prometheusMetrics } from '../../src/adapters/prometheus-metrics.js';
import { PrometheusMetrics, type Check, type RatioCheck, type ValueCheck } from '../../src/rollout/schema/check.js';
import { closedPort, startServer, type Received, type TestServer } from './http-server.js';
import { brokenAnswers, never, patience, staysBelow, TestSoak } from './metric-faults.js';

const errors: RatioCheck = { name: 'errors', kind: 'ratio', bad: 'requests_total{status=~"5.."}', total: 'requests_total', objective: 0.99 };
const memory: ValueCheck = { name: 'memory', kind: 'value', query: 'max(memory_share)', max: 0.9 };

/** Ten seconds pass between two looks. */
let now = Date.UTC(2026, 10, 21);
const clock = (): number => (now += 10_000);

const source = (url: string, settings: Partial<PrometheusMetrics> = {}, variables: Record<string, string> = {}): MetricSource =>
  prometheusMetrics(clock)(PrometheusMetrics.parse({ type: 'prometheus', url, timeout: patience, ...settings }), variables);

const queryOf = ({ body }: Pick<Received, 'body'>): string => new URLSearchParams(body).get('query')!;
const vector = (...values: string[]): unknown => ({ resultType: 'vector', result: values.map((value) => ({ metric: {}, value: [now / 1_000, value] })) });
const success = (data: unknown, more: object = {}): string => JSON.stringify({ status: 'success', data, ...more });

/** A server that answers each query with what `answer` gives for it. */
const prometheus = (answer: (query: string) => string): Promise<TestServer> => startServer((request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).end(answer(queryOf(request)));
});

/** 200 requests a look, `bad` of them bad, and a memory share of 0.5. */
const healthy = (bad = '0'): Promise<TestServer> =>
  prometheus((query) => success(vector(query.includes('memory') ? '0.5' : query.includes('status') ? bad : '200')));

describe('a ratio from Prometheus', () => {
  it('is the increase of its selectors since the look before, in windows that do not overlap', async () => {
    const server = await healthy('1');
    const soak = new TestSoak(source(`${server.url}/prom/`), errors);
    expect((await soak.look()).sample).toEqual({ kind: 'no-data', reason: 'requests_total: first look, counting starts now' });
    expect(server.received).toEqual([]);
    expect((await soak.look()).sample).toEqual({ kind: 'ratio', bad: 1, total: 200 });
    expect(await soak.look()).toMatchObject({ result: { verdict: 'pass', evidence: 400, observed: 0.005 } });

    const asked = server.received.map(({ path, body }) => ({ path, query: queryOf({ body }), time: new URLSearchParams(body).get('time') }));
    const at = (ms: number): string => (ms / 1_000).toFixed(3);
    expect(new Set(asked)).toEqual(new Set([now - 10_000, now].flatMap((end) => [errors.total, errors.bad].map((selector) => ({
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
    expect(await soak.look()).toMatchObject({ sample: { kind: 'error', reason: 'requests_total: an increase of -3 came back: is it that of a counter?' } });
  });

  it('begins anew with a cursor that it did not write, or from the future', async () => {
    const server = await healthy();
    for (const cursor of ['other', { errors: 'x' }, { errors: now + 3_600_000 }]) {
      expect((await source(server.url).look([errors], cursor, never)).samples.errors).toMatchObject({ kind: 'no-data' });
    }
  });
});

describe('a value from Prometheus', () => {
  it('is what its query answers, a vector of one or a scalar', async () => {
    for (const data of [vector('0.5'), { resultType: 'scalar', result: [now / 1_000, '0.5'] }]) {
      const server = await prometheus(() => success(data));
      const soak = new TestSoak(source(server.url), memory);
      expect((await soak.look()).sample).toEqual({ kind: 'value', value: 0.5 });
      await soak.look();
      expect((await soak.look()).result.verdict).toBe('pass');
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

/** Looks at a source that was healthy, or bad enough to fail, until it answers as given. */
async function turning(check: Check, before: 'passing' | 'failing', answer: Parameters<typeof startServer>[0], timeout = patience) {
  let isTurned = false;
  const server = await startServer((request, response) => {
    if (isTurned) return answer(request, response);
    const value = queryOf(request).includes('memory') ? (before === 'passing' ? '0.5' : '0.99') : queryOf(request).includes('status') && before === 'passing' ? '0' : '200';
    return response.writeHead(200, { 'content-type': 'application/json' }).end(success(vector(value)));
  });
  const soak = new TestSoak(source(server.url), check);
  await soak.look();
  await soak.look();
  expect((await soak.look()).result.verdict).toBe(before === 'passing' ? 'pass' : 'fail');
  isTurned = true;
  return soak.look(source(server.url, { timeout }));
}

describe('a Prometheus that cannot be asked is an error, never a pass and never a failure', () => {
  it.each(brokenAnswers)('%s', async (_, says, timeout, answer) => {
    await staysBelow(100, async () => {
      for (const check of [errors, memory]) for (const before of ['passing', 'failing'] as const) {
        const { sample, result } = await turning(check, before, answer, timeout);
        expect(sample).toEqual({ kind: 'error', reason: expect.stringMatching(says) });
        expect(result).toMatchObject({ verdict: 'error', explanation: expect.stringMatching(says) });
      }
    });
  });

  it.each([
    ['a bad query', 400, '{"status":"error","errorType":"bad_data","error":"1:5: parse error: unexpected \\")\\""}', /answered 400, bad_data: 1:5: parse error/],
    ['a query that took too long', 503, '{"status":"error","errorType":"timeout","error":"query timed out in expression evaluation"}', /503, timeout: query timed out/],
    ['an error that calls itself 200', 200, '{"status":"error","errorType":"execution","error":"many-to-many matching"}', /execution: many-to-many/],
    ['bad JSON', 200, '{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"2', /not of the Prometheus HTTP API/],
    ['an empty body', 200, '', /not of the Prometheus HTTP API/],
    ['other JSON', 200, '{"status":"UP"}', /not of the Prometheus HTTP API/],
    ['null', 200, 'null', /not of the Prometheus HTTP API/],
    ['a value that is no text', 200, '{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,2]}]}}', /not of the Prometheus HTTP API/],
  ])('%s', async (_, status, body, says) => {
    for (const before of ['passing', 'failing'] as const) {
      const { result } = await turning(errors, before, (__, response) => response.writeHead(status, { 'content-type': 'application/json' }).end(body));
      expect(result).toMatchObject({ verdict: 'error', explanation: expect.stringMatching(says) });
      expect(result.explanation).toContain('requests_total');
    }
  });

  it.each([
    ['several series', vector('1', '2', '3'), '3 series came back where one number should: wrap the query in sum()'],
    ['a matrix', { resultType: 'matrix', result: [] }, 'a matrix came back where a number should'],
    ['a string', { resultType: 'string', result: [1, 'up'] }, 'a string came back where a number should'],
    ['a native histogram', { resultType: 'vector', result: [{ metric: {}, histogram: [1, {}] }] }, 'a native histogram came back where a number should'],
    ['a word', vector('many'), '"many" came back where a number should'],
  ])('%s', async (_, data, reason) => {
    for (const [check, query] of [[errors, 'requests_total'], [memory, 'max(memory_share)']] as const) {
      const { sample, result } = await turning(check, 'failing', (__, response) => response.end(success(data)));
      expect(sample).toEqual({ kind: 'error', reason: `${query}: ${reason}` });
      expect(result.verdict).toBe('error');
    }
  });

  it('a server that is down', async () => {
    expect((await new TestSoak(source(`http://127.0.0.1:${await closedPort()}`), memory).look()).result).toMatchObject({
      verdict: 'error', explanation: expect.stringContaining('the connection was refused'),
    });
    expect((await new TestSoak(source('nonsense'), memory).look()).result.verdict).toBe('error');
  });
});

describe('an answer that says nothing is no data, and the reason names the query and the value', () => {
  it.each([
    ['an empty vector', success(vector()), 'the answer is empty'],
    ['NaN', success(vector('NaN')), 'the value is NaN'],
    ['+Inf', success(vector('+Inf')), 'the value is +Inf'],
    ['-Inf', success(vector('-Inf')), 'the value is -Inf'],
    ['a scalar NaN', success({ resultType: 'scalar', result: [now / 1_000, 'NaN'] }), 'the value is NaN'],
    ['an old sample', success({ resultType: 'vector', result: [{ metric: {}, value: [1395066363, '0.5'] }] }), 'the value 0.5 is of 2014-03-17T14:26:03.000Z, more than 5 minutes ago'],
    ['a partial answer', success(vector('0.5'), { warnings: ['store 10.0.0.7 unavailable'] }), 'the answer is partial, with the warning "store 10.0.0.7 unavailable"'],
    ['a partial empty answer', success(vector(), { warnings: ['store gone'] }), 'the answer is partial, with the warning "store gone"'],
  ])('%s', async (_, body, reason) => {
    for (const [check, query] of [[errors, 'requests_total'], [memory, 'max(memory_share)']] as const) {
      for (const before of ['passing', 'failing'] as const) {
        const { sample, result } = await turning(check, before, (__, response) => response.end(body));
        expect(sample).toEqual({ kind: 'no-data', reason: `${query}: ${reason}` });
        expect(result).toMatchObject({ verdict: 'no-data', explanation: expect.stringContaining(`${query}: ${reason}`) });
      }
    }
  });

  it('a remark of Prometheus on the query is no warning', async () => {
    const server = await prometheus(() => success(vector('0.5'), { infos: ['metric might not be a counter'] }));
    expect((await new TestSoak(source(server.url), memory).look()).sample).toEqual({ kind: 'value', value: 0.5 });
  });

  it('one that concerns the bad series alone', async () => {
    const server = await prometheus((query) => success(vector(query.includes('status') ? 'NaN' : '200')));
    const soak = new TestSoak(source(server.url), errors);
    await soak.look();
    expect((await soak.look()).sample).toEqual({ kind: 'no-data', reason: 'requests_total{status=~"5.."}: the value is NaN' });
  });
});

it('a look that is cancelled ends with the reason of the cancellation', async () => {
  const server = await startServer(() => {});
  await expect(source(server.url).look([memory], undefined, AbortSignal.abort(new Error('cancelled')))).rejects.toThrow('cancelled');
});
