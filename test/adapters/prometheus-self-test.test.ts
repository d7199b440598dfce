import { describe, expect, it } from 'vitest';
import type { SelfTest } from '../../activities/ports/metric-source.js';
import type { Check } from '../../src/rollout/schema/check.js';
import { buckets, errors, latency, memory, parametersOf, source, success, vector } from './fake-prometheus.js';
import { closedPort, startServer, type Received, type TestServer } from './http-server.js';
import { never } from './metric-faults.js';

interface Known {
  /** Answers to queries, by a part of them; nothing else has any series. */
  answers?: Record<string, unknown>;
  /** Labels of each metric that has series. */
  labels?: Record<string, string[]>;
  /** Metrics that are declared and have none. */
  declared?: string[];
}

/** A Prometheus that knows these series and names. */
const knowing = ({ answers = {}, labels = {}, declared = [] }: Known): Promise<TestServer> => startServer((request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).end(success(answerTo(request, { answers, labels, declared })));
});

function answerTo(request: Received, { answers, labels, declared }: Required<Known>): unknown {
  const parameters = parametersOf(request);
  switch (request.path.split('?')[0]) {
    case '/api/v1/query': {
      const part = Object.keys(answers).find((some) => parameters.get('query')!.includes(some));
      return part === undefined ? vector() : answers[part];
    }
    case '/api/v1/labels': {
      const metric = parameters.get('match[]')!.split('{')[0]!;
      return Object.hasOwn(labels, metric) ? ['__name__', ...labels[metric]!] : [];
    }
    case '/api/v1/metadata': {
      const metric = parameters.get('metric')!;
      return declared.includes(metric) ? { [metric]: [{ type: 'counter', help: '', unit: '' }] } : {};
    }
    case '/api/v1/label/__name__/values':
      return Object.keys(labels);
    default:
      return ['200', '404', '500', '/', '/new', '/idle'];
  }
}

const testOf = async (server: { url: string }, check: Check): Promise<SelfTest> => (await source(server.url).selfTest([check], never))[0]!;

const shop: Known = {
  answers: { 'increase(requests_total[': vector('1204'), 'increase(requests_total{route="/"}[': vector('700'), memory_share: vector('0.62'), seconds_bucket: buckets({ 0.1: 9, '+Inf': 10 }) },
  labels: { requests_total: ['status', 'route'], seconds_bucket: ['le', 'route'], go_goroutines: [], errors_total: ['kind'] },
};

describe('a check of Prometheus that can fail', () => {
  it('is a ratio of which everything may be bad, whose bad may match although nothing bad has happened', async () => {
    const server = await knowing(shop);
    expect(await testOf(server, errors)).toEqual({
      check: 'errors', outcome: 'works', saw: 'asked with everything bad, 1204 of 1204 were: that fails the objective 0.99',
    });
    expect(server.received.some(({ body }) => new URLSearchParams(body).get('query') === 'sum(increase(requests_total[300000ms]))')).toBe(true);
  });

  it('is asked for the labels of the region\'s own series, where bad and total are of one metric', async () => {
    const server = await knowing(shop);
    const total = 'requests_total{route="/"}';
    for (const bad of [errors.bad, 'errors_total{kind="x"}']) await testOf(server, { ...errors, bad, total });
    expect(server.received.filter(({ path }) => path.includes('/labels')).map((request) => parametersOf(request).get('match[]'))).toEqual([total, 'errors_total']);
  });

  it('is a ratio by a metric that is declared and has not counted yet, or by another one', async () => {
    const server = await knowing({ ...shop, declared: ['failures_total'] });
    for (const bad of ['failures_total{whatever="x"}', 'errors_total{kind!="client"}', 'requests_total{canary!="true",status="500"}']) {
      expect(await testOf(server, { ...errors, bad })).toMatchObject({ outcome: 'works' });
    }
  });

  it('is told when what it counts as bad has not been seen yet', async () => {
    const server = await knowing(shop);
    expect(await testOf(server, { ...errors, bad: 'requests_total{route="/",status="5xx"}' })).toMatchObject({
      outcome: 'works', saw: expect.stringMatching(/; no series of requests_total has status="5xx" so far, but 200, 404, 500, \/, \/new, …$/),
    });
    // A label that must not be there is no value that could come.
    expect(await testOf(server, { ...errors, bad: 'requests_total{route="",status="500"}' })).toMatchObject({ outcome: 'works', saw: expect.not.stringContaining('so far') });
  });

  it('is a ratio of expressions, as far as that can be asked', async () => {
    const server = await knowing(shop);
    const check = { ...errors, total: 'sum(increase(requests_total[$window]))', bad: 'sum(increase(nothing[$window])) or vector(0)' };
    expect(await testOf(server, check)).toMatchObject({ outcome: 'works', saw: expect.stringContaining('whether its bad can ever be more than 0 is not tested') });
  });

  it('is a value that is a number, a histogram that is a distribution', async () => {
    const server = await knowing(shop);
    expect(await testOf(server, memory)).toEqual({ check: 'memory', outcome: 'works', saw: 'max(memory_share) is 0.62; any max below that, or min above, would fail' });
    expect(await testOf(server, { ...memory, max: 0.5 })).toMatchObject({ saw: expect.stringContaining('beyond its limit even now') });
    expect(await testOf(server, latency)).toEqual({ check: 'latency', outcome: 'works', saw: '10 observations in 2 cumulative buckets, the last of them +Inf' });
  });
});

describe('a check of Prometheus that cannot fail', () => {
  it.each([
    ['requests_total{statsu=~"5.."}', 'requests_total has no label statsu. Did you mean status?'],
    ['requests_total{statsu!~"2..|3.."}', 'requests_total has no label statsu. Did you mean status?'],
    ['requests_total{outcome="failed"}', 'requests_total has no label outcome.'],
    ['requsts_total{status=~"5.."}', 'there is no metric requsts_total. Did you mean requests_total?'],
    ['nothing_like_it', 'there is no metric nothing_like_it. If it has just not counted yet, let the service set it to 0 when it starts.'],
    ['requests_total{status="5.."}', 'status="5.." is taken word for word, and no series has it: write status=~"5.." for a pattern'],
    ['requests_total{status="500|503"}', 'status="500|503" is taken word for word, and no series has it: write status=~"500|503" for a pattern'],
    ['seconds{route="/"}', 'seconds is a histogram, write seconds_bucket or seconds_count'],
  ])('is told by the names in %s', async (bad, saw) => {
    const server = await knowing({ ...shop, declared: ['seconds'] });
    expect(await testOf(server, { ...errors, bad })).toEqual({ check: 'errors', outcome: 'broken', saw: `${bad} can never match: ${saw}` });
  });

  it.each([
    ['a query that is no selector', { ...errors, bad: 'sum(rate(requests_total[5m]))' }, /neither a series selector nor an expression with \$window/],
    ['a value of several series', { ...memory, query: 'pods' }, /2 series came back/],
    ['a ratio of which more is bad than there is', { ...errors, bad: 'errors_total' }, /more is bad than there is/],
    ['buckets that are none', { ...latency, buckets: 'go_goroutines' }, /has no label le/],
    ['buckets without the last', { ...latency, buckets: 'open_bucket' }, /no bucket le="\+Inf"/],
  ] satisfies [string, Check, RegExp][])('is %s', async (_, check, saw) => {
    const server = await knowing({ ...shop, answers: { ...shop.answers, pods: vector('1', '2'), errors_total: vector('9000'), go_goroutines: vector('12'), open_bucket: buckets({ 0.1: 5 }) } });
    expect(await testOf(server, check)).toMatchObject({ outcome: 'broken', saw: expect.stringMatching(saw) });
  });

  it('is one that Prometheus does not understand, or that nobody may ask', async () => {
    const answering = async (status: number, error: string): Promise<SelfTest> => testOf(await startServer((_, response) => {
      response.writeHead(status).end(JSON.stringify({ status: 'error', errorType: 'bad_data', error }));
    }), memory);
    expect(await answering(400, 'parse error')).toMatchObject({ outcome: 'broken', saw: expect.stringContaining('400, bad_data: parse error') });
    expect(await answering(401, 'no token')).toMatchObject({ outcome: 'broken' });
    expect((await source('http://127.0.0.1:1', { bearerToken: 'TOKEN' }).selfTest([memory], never))[0]).toEqual({
      check: 'memory', outcome: 'broken', saw: 'TOKEN, the bearer token for Prometheus, has no value here',
    });
    expect(await testOf({ url: 'nonsense' }, memory)).toMatchObject({ outcome: 'broken', saw: expect.stringContaining('is not a URL') });
  });
});

describe('a check of Prometheus that cannot be tested yet', () => {
  it('has no series or no requests, which is no fault; a name that is nearly another one is told', async () => {
    const server = await knowing({ ...shop, answers: { ...shop.answers, 'increase(requests_total{route="/idle"}[': vector('0'), 'increase(seconds_bucket{route="/idle"}[': buckets({ 0.1: 0, '+Inf': 0 }) } });
    expect(await testOf(server, { ...errors, total: 'requests_total{route="/new"}' })).toEqual({ check: 'errors', outcome: 'untested', saw: 'requests_total{route="/new"}: the answer is empty' });
    expect(await testOf(server, { ...errors, total: 'requests_total{route="/idle"}' })).toMatchObject({ outcome: 'untested', saw: expect.stringContaining('nothing was counted lately') });
    expect(await testOf(server, { ...errors, total: 'request_total' })).toMatchObject({
      outcome: 'untested', saw: 'request_total: the answer is empty; request_total can never match: there is no metric request_total. Did you mean requests_total?',
    });
    expect(await testOf(server, { ...memory, query: 'lag' })).toMatchObject({ outcome: 'untested' });
    expect(await testOf(server, { ...latency, buckets: 'seconds_bukcet' })).toMatchObject({ outcome: 'untested', saw: expect.stringContaining('Did you mean seconds_bucket?') });
  });

  it('does not keep a typo in its bad from being told, even where nothing is counted', async () => {
    const server = await knowing({ ...shop, answers: { 'increase(requests_total[': vector('0') } });
    expect(await testOf(server, { ...errors, bad: 'requests_total{statsu="500"}' })).toMatchObject({ outcome: 'broken' });
  });

  it('is not said to work when nobody says which names there are', async () => {
    const server = await startServer((request, response) => {
      if (request.path.startsWith('/api/v1/query')) return response.end(success(vector('100')));
      return response.writeHead(404).end();
    });
    expect(await testOf(server, errors)).toMatchObject({ outcome: 'untested', saw: expect.stringMatching(/^whether requests_total\{status=~"5\.\."\} can match was not seen: .* answered 404$/) });
  });

  it('works all the same when nobody says which values there are of a metric that has not counted', async () => {
    const server = await startServer((request, response) => {
      if (request.path.startsWith('/api/v1/query')) return response.end(success(vector('100')));
      if (request.path.startsWith('/api/v1/labels')) return response.end(success([]));
      if (request.path.startsWith('/api/v1/metadata')) return response.end(success({ failures_total: [{}] }));
      return response.writeHead(503).end();
    });
    expect(await testOf(server, { ...errors, bad: 'failures_total{kind="x"}' })).toMatchObject({ outcome: 'works' });
  });

  it('has a server that does not answer', async () => {
    expect(await testOf({ url: `http://127.0.0.1:${await closedPort()}` }, memory)).toMatchObject({ outcome: 'unreachable', saw: expect.stringContaining('refused') });
    expect(await testOf(await startServer((_, response) => response.writeHead(503).end()), errors)).toMatchObject({ outcome: 'unreachable' });
  });
});
