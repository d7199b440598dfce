import { inspect } from 'node:util';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import type { MetricSource } from '../../activities/ports/metric-source.js';
import { webhookMetrics } from '../../src/adapters/webhook-metrics.js';
import type { Sample } from '../../src/judge/sample.js';
import { Check, WebhookMetrics } from '../../src/rollout/schema/check.js';
import { closedPort, startServer, type Received, type TestServer } from './http-server.js';
import { brokenAnswers, staysBelow } from './metric-faults.js';

const never = new AbortController().signal;
const secret = `whsec_${Buffer.from('a key of twenty-four byte').toString('base64')}`;

const errors = Check.parse({ name: 'errors', kind: 'ratio', bad: 'failed', total: 'all', objective: 0.999 });
const latency = Check.parse({ name: 'latency', kind: 'histogram', buckets: 'seconds' });
const memory = Check.parse({ name: 'memory', kind: 'value', query: 'heap', max: 100 });
const checks = [errors, latency, memory];

const noon = Date.UTC(2026, 10, 21, 12);

/** A clock that a test moves. */
const clock = { now: noon };

const source = (url: string, settings: Partial<WebhookMetrics> = {}, variables: Record<string, string> = {}): MetricSource =>
  webhookMetrics({ allow: [], allowLoopback: true }, () => clock.now)(WebhookMetrics.parse({ type: 'webhook', url, ...settings }), variables);

interface Question {
  action: string;
  checks: { name: string; kind: string; bad?: string; total?: string; from?: string }[];
  from?: string;
  to?: string;
  step?: number;
}
const asked = (request: Received | undefined): Question => JSON.parse(request!.body) as Question;

const answering = (reply: (question: Question) => unknown, status = 200): Promise<TestServer> => startServer((request, response) => {
  const body = reply(asked(request));
  response.writeHead(status, { 'content-type': 'application/json' }).end(typeof body === 'string' ? body : JSON.stringify(body));
});

const good = { errors: { bad: 1, total: 200 }, latency: { buckets: { 0.1: 180, 0.3: 199, '+Inf': 200 } }, memory: { value: 42 } };

/** What a second look at one check brings when the service answers so. */
async function sampleFor(check: Check, answer: unknown): Promise<Sample> {
  clock.now = noon;
  const server = await answering(() => ({ samples: { [check.name]: answer } }));
  const metrics = source(server.url);
  const first = await metrics.look([check], undefined, never);
  clock.now += 30_000;
  return (await metrics.look([check], first.cursor, never)).samples[check.name]!;
}

describe('a service that is asked for samples', () => {
  it('is told what each check asks, since the last look that brought data, until now', async () => {
    clock.now = noon;
    let hasLatency = false;
    const server = await answering(() => ({ samples: { ...good, latency: hasLatency ? good.latency : null } }));
    const metrics = source(`${server.url}/metrics?team=shop`);
    const look = async (cursor?: unknown) => {
      clock.now += 30_000;
      const { samples, cursor: next } = await metrics.look(checks, cursor, never);
      return { samples, cursor: JSON.parse(JSON.stringify(next)) as unknown };
    };
    const first = await look();
    expect(first.samples).toEqual({
      errors: { kind: 'no-data', reason: 'all: first look, counting starts now' },
      latency: { kind: 'no-data', reason: 'seconds: first look, counting starts now' },
      memory: { kind: 'value', value: 42 },
    });
    const second = await look(first.cursor);
    expect(second.samples).toMatchObject({ errors: { kind: 'ratio', bad: 1, total: 200 }, latency: { kind: 'no-data' } });
    hasLatency = true;
    const third = await look(second.cursor);
    expect(third.samples.latency).toEqual({ kind: 'histogram', buckets: good.latency.buckets });

    const [atFirst, , atThird] = server.received;
    expect(atFirst).toMatchObject({ method: 'POST', path: '/metrics?team=shop', headers: { 'content-type': 'application/json' } });
    expect(asked(atFirst)).toEqual({ action: 'samples', checks: [{ name: 'memory', kind: 'value', query: 'heap' }], to: '2026-11-21T12:00:30.000Z' });
    // The window of latency is that of two looks: nothing is counted twice, and nothing is left out.
    expect(asked(atThird)).toEqual({
      action: 'samples', to: '2026-11-21T12:01:30.000Z',
      checks: [
        { name: 'errors', kind: 'ratio', bad: 'failed', total: 'all', from: '2026-11-21T12:01:00.000Z' },
        { name: 'latency', kind: 'histogram', buckets: 'seconds', from: '2026-11-21T12:00:30.000Z' },
        { name: 'memory', kind: 'value', query: 'heap', from: '2026-11-21T12:01:00.000Z' },
      ],
    });
  });

  it('is asked for a day at most, and counting starts again when the clock went back', async () => {
    clock.now = noon;
    const server = await answering(() => ({ samples: good }));
    const metrics = source(server.url);
    await metrics.look([errors], { errors: noon - 3 * 86_400_000 }, never);
    expect(asked(server.received[0]).checks[0]!.from).toBe('2026-11-20T12:00:00.000Z');
    const back = await metrics.look([errors], { errors: noon + 60_000 }, never);
    expect(back).toEqual({ samples: { errors: { kind: 'no-data', reason: 'all: first look, counting starts now' } }, cursor: { errors: noon } });
    expect((await metrics.look([errors], 'a cursor of another version', never)).samples.errors).toMatchObject({ kind: 'no-data' });
  });

  it('gets requests that are signed by Standard Webhooks when a secret is set', async () => {
    const server = await startServer((request, response) => {
      new Webhook(secret).verify(request.body, request.headers as Record<string, string>);
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ samples: { memory: { value: 1 } } }));
    });
    const { samples } = await source(server.url, { secret: 'METRICS_SECRET' }, { METRICS_SECRET: secret }).look([memory], undefined, never);
    expect(samples.memory).toEqual({ kind: 'value', value: 1 });
    expect(server.received[0]!.body).not.toContain(secret);
  });
});

describe('an answer that is no number of now', () => {
  it.each([
    [errors, null, 'no-data', 'all: the service has no data'],
    [errors, { bad: null, total: 5 }, 'no-data', 'failed: bad is null'],
    [errors, { bad: 0, total: null }, 'no-data', 'all: total is null'],
    [errors, { bad: -1, total: 5 }, 'error', 'failed: bad is -1: a counter never gains less than nothing'],
    [errors, { bad: 0, total: -0.5 }, 'error', 'all: total is -0.5: a counter never gains less than nothing'],
    [errors, { bad: 6, total: 5 }, 'error', 'failed: bad is 6 and total 5: more is bad than there is'],
    [errors, { bad: '1', total: 5 }, 'error', 'failed: bad is "1" where a number should be'],
    [errors, { bad: 1, total: 'NaN' }, 'error', 'all: total is "NaN" where a number should be'],
    [errors, { bad: 1 }, 'error', 'all: {"bad":1} came back where { bad, total } should'],
    [errors, { value: 3 }, 'error', 'all: {"value":3} came back where { bad, total } should'],
    [errors, 0.01, 'error', 'all: 0.01 came back where { bad, total } should'],
    [errors, [1, 5], 'error', 'all: [1,5] came back where { bad, total } should'],
    [memory, null, 'no-data', 'heap: the service has no data'],
    [memory, { value: null }, 'no-data', 'heap: value is null'],
    [memory, { value: true }, 'error', 'heap: value is true where a number should be'],
    [memory, { value: [1, 2] }, 'error', 'heap: value is [1,2] where a number should be'],
    [memory, { bad: 1, total: 2 }, 'error', 'heap: {"bad":1,"total":2} came back where { value } should'],
    [memory, 42, 'error', 'heap: 42 came back where { value } should'],
    [latency, null, 'no-data', 'seconds: the service has no data'],
    [latency, { buckets: { 0.1: 1, '+Inf': null } }, 'no-data', 'seconds: the bucket +Inf is null'],
    [latency, { buckets: { 0.1: 9, 0.3: 5, '+Inf': 9 } }, 'error', 'seconds: the bucket 0.3 holds 5, fewer than the one below it: buckets are cumulative'],
    [latency, { buckets: { 0.1: -1, '+Inf': 9 } }, 'error', 'seconds: the bucket 0.1 is -1: a counter never gains less than nothing'],
    [latency, { buckets: { 0.1: 1, 0.3: 2 } }, 'error', 'seconds: the bucket +Inf is missing, which holds everything'],
    [latency, { buckets: { '+Inf': 2 } }, 'error', 'seconds: there is only the bucket +Inf: one edge more tells something'],
    [latency, { buckets: { fast: 1, '+Inf': 2 } }, 'error', 'seconds: "fast" is no upper edge of a bucket: write a number or +Inf'],
    [latency, { buckets: { 1: 1, '1.0': 1, '+Inf': 2 } }, 'error', 'seconds: the edge 1 stands there twice'],
    [latency, { buckets: {} }, 'error', 'seconds: the bucket +Inf is missing, which holds everything'],
    [latency, { buckets: [1, 2] }, 'error', 'seconds: {"buckets":[1,2]} came back where { buckets: { "0.1": …, "+Inf": … } } should'],
    [latency, { buckets: Object.fromEntries(Array.from({ length: 300 }, (_, at) => [at, at])) }, 'error', 'seconds: 300 buckets came back, more than 200'],
  ])('is a sample that says so: %j %j', async (check, answer, kind, reason) => {
    expect(await sampleFor(check, answer)).toEqual({ kind, reason });
  });

  it('is no data when it is beyond what a number can be, which JSON can say', async () => {
    const server = await answering(() => '{"samples":{"memory":{"value":1e999}}}');
    expect((await source(server.url).look([memory], undefined, never)).samples.memory).toEqual({ kind: 'no-data', reason: 'heap: value: the value is +Inf' });
  });

  it.each([
    [errors, { bad: 0, total: 0 }], [errors, { bad: 5, total: 5, extra: 1 }], [errors, { bad: 0.25, total: 9.5 }], [memory, { value: -3.5 }],
    [latency, { buckets: { '-1': 0, 0.1: 0, '+Inf': 0 } }],
  ])('does not keep what is fine from counting: %j %j', async (check, answer) => {
    expect(await sampleFor(check, answer)).toMatchObject({ kind: check.kind });
  });

  it('writes an edge in one way, however the service does', async () => {
    expect(await sampleFor(latency, { buckets: { '0.10': 1, '1e0': 2, '+Inf': 2 } })).toEqual({ kind: 'histogram', buckets: { 0.1: 1, 1: 2, '+Inf': 2 } });
  });

  it('knows infinity by its other names', async () => {
    for (const name of ['inf', '+inf', 'Infinity', 'Inf']) {
      expect(await sampleFor(latency, { buckets: { 0.1: 1, [name]: 2 } })).toEqual({ kind: 'histogram', buckets: { 0.1: 1, '+Inf': 2 } });
    }
  });

  it('of one check is no reason to doubt the others: one that is left out, one that the service cannot answer', async () => {
    const server = await answering(() => ({ samples: { memory: { value: 1 }, stranger: { value: 2 } }, errors: { latency: `no such metric \u001b[31m${'x'.repeat(1_000)}` } }));
    const { samples } = await source(server.url).look(checks, { errors: 1, latency: 1 }, never);
    expect(samples).toMatchObject({
      errors: { kind: 'error', reason: 'all: the answer leaves errors out: answer null where there is no data' },
      latency: { kind: 'error', reason: expect.stringMatching(/^seconds: the service says: no such metric \[31mxxx.{0,300}…$/) },
      memory: { kind: 'value', value: 1 },
    });
    expect(Object.keys(samples)).toEqual(['errors', 'latency', 'memory']);
  });

  it.each(['{}', '[]', 'null', '"samples"', '{"samples":null}', '{"samples":[1]}', '{"errors":{"memory":5}}'])('is an error for every check when it answers something else: %s', async (body) => {
    const server = await answering(() => body);
    const { samples } = await source(server.url).look([memory], undefined, never);
    expect(samples.memory).toMatchObject({ kind: 'error', reason: expect.stringContaining('an answer without samples') });
  });
});

describe('a service that fails', () => {
  it.each(brokenAnswers)('is an error, never a number, and nothing that it counted is lost: %s', async (_name, says, timeout, answer) => {
    clock.now = noon;
    let isBroken = true;
    const server = await startServer((request, response) =>
      (isBroken ? answer(request, response) : response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ samples: good }))));
    const metrics = source(server.url, { timeout });
    const cursor = { errors: noon - 30_000, latency: noon - 30_000, memory: noon - 30_000 };
    const broken = await staysBelow(100, () => metrics.look(checks, cursor, never));
    for (const { name } of checks) expect(broken.samples[name]).toMatchObject({ kind: 'error', reason: expect.stringMatching(says) });
    expect(broken.cursor).toEqual(cursor);
    isBroken = false;
    clock.now += 30_000;
    expect((await source(server.url).look(checks, broken.cursor, never)).samples).toMatchObject({ errors: { kind: 'ratio', total: 200 } });
    expect(asked(server.received.at(-1)).checks[0]!.from).toBe('2026-11-21T11:59:30.000Z');
  });

  it('is an error where nobody listens, and where nobody may be asked', async () => {
    const reasonAt = async (url: string, settings: Partial<WebhookMetrics> = {}, variables: Record<string, string> = {}): Promise<string> => {
      const { samples } = await source(url, settings, variables).look([memory], undefined, never);
      expect(samples.memory!.kind).toBe('error');
      return (samples.memory as { reason: string }).reason;
    };
    expect(await reasonAt(`http://127.0.0.1:${await closedPort()}`)).toContain('the connection was refused');
    expect(await reasonAt('not a url')).toContain('is not a URL');
    expect(await reasonAt('file:///etc/passwd')).toContain('use https');
    expect(await reasonAt('http://169.254.169.254/latest')).toContain('MERIDIAN_WEBHOOK_ALLOW');
    expect(await reasonAt('http://127.0.0.1:1', { secret: 'KEY' })).toContain('KEY, which signs');
    const badKey = await reasonAt('http://127.0.0.1:1', { secret: 'KEY' }, { KEY: 'whsec_***geheim***' });
    expect(badKey).toContain('no signing secret');
    expect(inspect(badKey)).not.toContain('geheim');
  });

  it('repeats no secret that stands in its address', async () => {
    const server = await answering(() => ({ errors: { memory: 'nobody may ask at /hooks/geheim-0815' } }));
    const settings = WebhookMetrics.parse({ type: 'webhook', url: `${server.url}/hooks/geheim-0815` });
    const metrics = webhookMetrics({ allow: [], allowLoopback: true })(settings, { PATH_KEY: 'geheim-0815' }, ['PATH_KEY']);
    const { samples } = await metrics.look([memory], undefined, never);
    expect(samples.memory).toMatchObject({ kind: 'error', reason: expect.stringContaining('/hooks/***') });
  });

  it('repeats no secret: neither the one that signs nor what stands in the URL', async () => {
    const server = await answering(() => ({ errors: { memory: `signed with ${secret}, asked at /hooks` } }));
    const { samples } = await source(server.url, { secret: 'KEY' }, { KEY: secret }).look([memory], undefined, never);
    expect(samples.memory).toEqual({ kind: 'error', reason: 'heap: the service says: signed with ***, asked at /hooks' });
    const lost = await startServer((request, response) => response.writeHead(404).end(`nothing at ${request.path}`));
    const { samples: unheard } = await source(`${lost.url}/hooks/geheim-0815`).look([memory], undefined, never);
    expect(inspect(unheard)).not.toContain('geheim');
  });

  it('is given up when its caller gives up', async () => {
    const silent = await startServer(() => {});
    const gone = AbortSignal.abort(new Error('cancelled'));
    const metrics = source(silent.url);
    await expect(metrics.look([memory], undefined, gone)).rejects.toThrow('cancelled');
    await expect(metrics.history(checks, { fromMs: 0, toMs: 1, stepMs: 1 }, gone)).rejects.toThrow('cancelled');
    await expect(metrics.selfTest(checks, gone)).rejects.toThrow('cancelled');
  });
});

describe('the past', () => {
  const range = { fromMs: noon - 90_000, toMs: noon, stepMs: 30_000 };
  const past = async (reply: unknown, status = 200) => source((await answering(() => reply, status)).url).history(checks, range, never);

  it('is asked for once, for all checks', async () => {
    const server = await answering(() => ({}));
    await source(server.url).history([errors, memory], range, never);
    expect(server.received.map(asked)).toEqual([{
      action: 'history', from: '2026-11-21T11:58:30.000Z', to: '2026-11-21T12:00:00.000Z', step: 30,
      checks: [{ name: 'errors', kind: 'ratio', bad: 'failed', total: 'all' }, { name: 'memory', kind: 'value', query: 'heap' }],
    }]);
  });

  it('is what happened in the steps that end in it, oldest first; what is no data or not understood is left out', async () => {
    const at = (time: string) => ({ at: `2026-11-21T${time}` });
    expect(await past({
      history: {
        errors: [
          { ...at('12:00:00Z'), bad: 2, total: 100 }, { ...at('11:59:00Z'), bad: 1, total: 100 }, { ...at('11:59:30Z'), bad: null, total: 100 },
          { ...at('11:58:30Z'), bad: 9, total: 9 }, { ...at('12:00:30Z'), bad: 9, total: 9 }, { ...at('11:59:20Z'), bad: 9, total: 1 },
        ],
        memory: [{ ...at('12:59:30+01:00'), value: 7 }],
        stranger: [{ ...at('12:00:00Z'), value: 7 }],
      },
    })).toEqual({
      errors: [{ atMs: noon - 60_000, sample: { kind: 'ratio', bad: 1, total: 100 } }, { atMs: noon, sample: { kind: 'ratio', bad: 2, total: 100 } }],
      latency: [],
      memory: [{ atMs: noon - 30_000, sample: { kind: 'value', value: 7 } }],
    });
  });

  it.each([[{ history: null }, 200], [{}, 200], ['<p>', 200], [{ history: { errors: [{ at: 1 }] } }, 200], ['', 404], ['', 501], ['', 500], ['', 302]])(
    'is empty where the service keeps none or gives none: %j %i', async (reply, status) => {
      expect(await past(reply, status)).toEqual({ errors: [], latency: [], memory: [] });
    });
});

describe('a self-test', () => {
  /** A service that counts what it is asked for: `counters` by query. */
  const counting = (counters: Record<string, number>, tests?: unknown) => answering(({ action, checks: each }) =>
    (action === 'self-test' ? { tests } : {
      samples: Object.fromEntries(each.map(({ name, kind, bad, total }) =>
        [name, kind === 'ratio' ? { bad: counters[bad!] ?? 0, total: counters[total!] ?? 0 } : good[name as keyof typeof good]])),
    }));
  const test = async (server: TestServer) => source(server.url).selfTest(checks, never);

  it('asks each ratio with everything as bad, which must come back as bad', async () => {
    clock.now = noon;
    const server = await counting({ failed: 0, all: 120 });
    expect(await test(server)).toMatchObject([{ check: 'errors', outcome: 'works', saw: expect.stringContaining('120 of 120 requests') }, { outcome: 'works' }, { outcome: 'works' }]);
    expect(server.received.map((request) => asked(request).action)).toEqual(['self-test', 'samples', 'samples']);
    expect(asked(server.received[2])).toEqual({
      action: 'samples', to: '2026-11-21T12:00:00.000Z', checks: [{ name: 'errors', kind: 'ratio', bad: 'all', total: 'all', from: '2026-11-21T11:55:00.000Z' }],
    });
  });

  it('finds a check that cannot fail: everything is bad, and the service does not count it', async () => {
    const deaf = await answering(({ action }) => (action === 'self-test' ? {} : { samples: { ...good, errors: { bad: 0, total: 120 } } }));
    expect(await test(deaf)).toMatchObject([{
      check: 'errors', outcome: 'broken', saw: 'asked with everything as bad (all), 0 of 120 requests came back as bad',
    }, {}, {}]);
  });

  it('finds a check that the service cannot answer', async () => {
    const server = await answering(({ action }) => (action === 'self-test' ? {} : { samples: good, errors: { errors: 'there is no metric failed' } }));
    expect(await test(server)).toMatchObject([{ check: 'errors', outcome: 'broken', saw: 'all: the service says: there is no metric failed' }, {}, {}]);
  });

  it('says nothing of a check without traffic or without data', async () => {
    const idle = await answering(() => ({ samples: { errors: { bad: 0, total: 0 }, latency: { buckets: { 1: 0, '+Inf': 0 } }, memory: null } }));
    expect((await test(idle)).map(({ outcome }) => outcome)).toEqual(['untested', 'untested', 'untested']);
  });

  it('takes the word of a service that tests itself, and asks for what it leaves out', async () => {
    const tests = { errors: { outcome: 'broken', saw: 'no series failed' }, latency: { outcome: 'untested' } };
    expect(await test(await counting({ failed: 0, all: 1 }, tests))).toEqual([
      { check: 'errors', outcome: 'broken', saw: 'the service says: no series failed' },
      { check: 'latency', outcome: 'untested', saw: 'the service says: untested' },
      { check: 'memory', outcome: 'works', saw: 'the value is 42' },
    ]);
  });

  it.each([400, 404, 405, 422, 501])('asks a service that does not know the action: %i', async (status) => {
    const server = await startServer((request, response) => {
      const { action } = asked(request);
      response.writeHead(action === 'self-test' ? status : 200).end(JSON.stringify({ samples: { ...good, errors: { bad: 5, total: 5 } } }));
    });
    expect((await test(server)).map(({ outcome }) => outcome)).toEqual(['works', 'works', 'works']);
  });

  it.each(brokenAnswers.filter(([name]) => name !== '404'))('says who cannot be reached: %s', async (_name, says, timeout, answer) => {
    const server = await startServer(answer);
    for (const tested of await source(server.url, { timeout }).selfTest(checks, never)) {
      expect(tested).toMatchObject({ outcome: 'unreachable', saw: expect.stringMatching(says) });
    }
    expect(server.received.length).toBeLessThan(2);
  });
});
