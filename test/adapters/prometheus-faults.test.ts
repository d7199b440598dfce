import { describe, expect, it } from 'vitest';
import type { MetricSource } from '../../activities/ports/metric-source.js';
import { prometheusMetrics } from '../../src/adapters/prometheus-metrics.js';
import { PrometheusMetrics, type Check } from '../../src/rollout/schema/check.js';
import { buckets, errors, healthy, latency, memory, source, success, time, vector } from './fake-prometheus.js';
import { closedPort, startServer } from './http-server.js';
import { brokenAnswers, expectNeverJudged, never, patience, staysBelow } from './metric-faults.js';

type Answer = Parameters<typeof startServer>[0];

const checks: Check[] = [errors, memory, latency];
const queries: Record<string, string> = { errors: errors.total, memory: memory.query, latency: latency.buckets };
const range = { fromMs: time.now - 3_600_000, toMs: time.now, stepMs: 10_000 };

/** A Prometheus that was well at the first look, and answers so from then on. */
async function turning(answer: Answer, timeout = patience): Promise<{ failing: MetricSource; cursor: unknown }> {
  const { cursor } = await source((await healthy()).url).look(checks, undefined, never);
  return { failing: source((await startServer(answer)).url, { timeout }), cursor };
}

const escape = (text: string): RegExp => new RegExp(text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));

describe('a Prometheus that cannot be asked is an error, never a pass and never a rollback', () => {
  it.each(brokenAnswers)('%s', async (_, says, timeout, answer) => {
    const { failing, cursor } = await turning(answer, timeout);
    await staysBelow(100, async () => {
      for (const check of checks) {
        await expectNeverJudged({ check, source: failing, cursor }, 'error', says, escape(queries[check.name]!));
      }
      expect(await failing.history(checks, range, never)).toEqual({ errors: [], memory: [], latency: [] });
    });
    for (const { outcome, saw } of await failing.selfTest(checks, never)) {
      expect(['broken', 'unreachable']).toContain(outcome);
      expect(saw).toMatch(says);
    }
  });

  it.each([
    ['a bad query', 400, '{"status":"error","errorType":"bad_data","error":"1:5: parse error: unexpected \\")\\""}', /answered 400, bad_data: 1:5: parse error/],
    ['a query that took too long', 503, '{"status":"error","errorType":"timeout","error":"query timed out in expression evaluation"}', /503, timeout: query timed out/],
    ['an error that calls itself 200', 200, '{"status":"error","errorType":"execution","error":"many-to-many matching"}', /execution: many-to-many/],
    ['bad JSON', 200, '{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"2', /not of the Prometheus HTTP API/],
    ['an empty body', 200, '', /not of the Prometheus HTTP API/],
    ['other JSON', 200, '{"status":"UP"}', /not of the Prometheus HTTP API/],
    ['an answer of another version', 200, '{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":["now",2]}]}}', /not of the Prometheus HTTP API/],
  ])('%s', async (_, status, body, says) => {
    const { failing, cursor } = await turning((__, response) => response.writeHead(status, { 'content-type': 'application/json' }).end(body));
    for (const check of checks) await expectNeverJudged({ check, source: failing, cursor }, 'error', says);
    expect(await failing.history(checks, range, never)).toEqual({ errors: [], memory: [], latency: [] });
  });

  it.each([
    ['several series', vector('1', '2', '3'), '3 series came back where one number should: wrap the query in sum()', 'what came back has no label le: is it a counter of buckets, with a name such as x_bucket?'],
    ['a matrix', { resultType: 'matrix', result: [] }, 'a matrix came back where a number should'],
    ['a string', { resultType: 'string', result: [1, 'up'] }, 'a string came back where a number should'],
    ['a native histogram', { resultType: 'vector', result: [{ metric: { le: '1' }, histogram: [1, {}] }] }, 'a native histogram came back where a number should'],
    ['a word', buckets({ '+Inf': 'many' }), '"many" came back where a number should', 'le="+Inf": "many" came back where a number should'],
  ])('%s', async (_, data, reason, ofBuckets = reason) => {
    const { failing, cursor } = await turning((__, response) => response.end(success(data)));
    for (const check of checks) {
      await expectNeverJudged({ check, source: failing, cursor }, 'error', escape(`${queries[check.name]}: ${check === latency ? ofBuckets : reason}`));
    }
  });

  it.each([
    ['several series for each le', buckets({ 0.1: 1, '+Inf': 2 }, { pod: 'a', zone: 'b' }), 'several series came back for each le, by pod, zone: wrap the query in sum by (le) ()'],
    ['a scalar for a histogram', { resultType: 'scalar', result: [1_395_066_363, '1'] }, 'what came back has no label le: is it a counter of buckets, with a name such as x_bucket?'],
    ['buckets without the last', buckets({ 0.1: 1, 0.3: 2 }), 'there is no bucket le="+Inf", so nobody knows how many there were'],
    ['an edge that is none', buckets({ fast: 1, '+Inf': 2 }), 'le="fast" is not the upper edge of a bucket'],
    ['an increase below zero', buckets({ 0.1: -2, '+Inf': 2 }), 'the bucket le="0.1" went down by 2: is it that of a histogram?'],
  ])('%s', async (_, data, reason) => {
    const { failing, cursor } = await turning((__, response) => response.end(success(data)));
    await expectNeverJudged({ check: latency, source: failing, cursor }, 'error', escape(`seconds_bucket: ${reason}`));
  });

  it('a server that is down, and a URL that is none', async () => {
    for (const [url, says] of [[`http://127.0.0.1:${await closedPort()}`, /the connection was refused/], ['nonsense', /is not a URL/]] as const) {
      await expectNeverJudged({ check: memory, source: source(url), cursor: undefined }, 'error', says);
      expect(await source(url).history(checks, range, never)).toEqual({ errors: [], memory: [], latency: [] });
    }
  });
});

describe('an answer that says nothing is no data, and the reason names the query and the value', () => {
  const one = (value: string): unknown => buckets({ '+Inf': value });
  it.each([
    ['an empty vector', success(vector()), 'the answer is empty'],
    ['NaN', success(one('NaN')), 'the value is NaN'],
    ['+Inf', success(one('+Inf')), 'the value is +Inf'],
    ['-Inf', success(one('-Inf')), 'the value is -Inf'],
    ['an old sample', success({ resultType: 'vector', result: [{ metric: { le: '+Inf' }, value: [1395066363, '0.5'] }] }), 'the value 0.5 is of 2014-03-17T14:26:03.000Z, more than 5 minutes ago'],
    ['a partial answer', success(one('0.5'), { warnings: ['store 10.0.0.7 unavailable'] }), 'the answer is partial, with the warning "store 10.0.0.7 unavailable"'],
    ['a partial empty answer', success(vector(), { warnings: ['store gone'] }), 'the answer is partial, with the warning "store gone"'],
  ])('%s', async (_, body, reason) => {
    const { failing, cursor } = await turning((__, response) => response.end(body));
    for (const check of checks) {
      const ofBucket = check === latency && reason.startsWith('the value') ? 'le="+Inf": ' : '';
      await expectNeverJudged({ check, source: failing, cursor }, 'no-data', escape(`${queries[check.name]}: ${ofBucket}${reason}`));
    }
  });

  it('a partial answer, whose warning repeats no secret', async () => {
    const server = await startServer((_, response) => response.end(success(vector('0.5'), { warnings: ['store?key=geheim-0815 unavailable'] })));
    const metrics = prometheusMetrics()(PrometheusMetrics.parse({ type: 'prometheus', url: server.url }), { KEY: 'geheim-0815' }, ['KEY']);
    const { samples } = await metrics.look([memory], undefined, never);
    expect(samples.memory).toMatchObject({ kind: 'no-data', reason: expect.stringContaining('store?key=*** unavailable') });
  });

  it('a scalar NaN', async () => {
    const { failing, cursor } = await turning((__, response) => response.end(success({ resultType: 'scalar', result: [time.now / 1_000, 'NaN'] })));
    for (const check of [errors, memory]) await expectNeverJudged({ check, source: failing, cursor }, 'no-data', escape(`${queries[check.name]}: the value is NaN`));
  });

  it('buckets that are not cumulative', async () => {
    const { failing, cursor } = await turning((__, response) => response.end(success(buckets({ 0.1: 60, 0.3: 40, '+Inf': 100 }))));
    await expectNeverJudged({ check: latency, source: failing, cursor }, 'no-data', escape('seconds_bucket: the buckets are not cumulative: le="0.3" has 40, and one below it has 60'));
  });

  it('one that concerns the bad series alone', async () => {
    const { failing, cursor } = await turning((request, response) => response.end(success(vector(request.body.includes('status') ? 'NaN' : '200'))));
    await expectNeverJudged({ check: errors, source: failing, cursor }, 'no-data', escape('requests_total{status=~"5.."}: the value is NaN'));
  });

  it('but a remark of Prometheus on the query is no warning', async () => {
    const { failing } = await turning((__, response) => response.end(success(vector('0.5'), { infos: ['metric might not be a counter'] })));
    expect((await failing.look([memory], undefined, never)).samples.memory).toEqual({ kind: 'value', value: 0.5 });
  });
});
