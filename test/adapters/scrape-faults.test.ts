import { describe, expect, it } from 'vitest';
import type { MetricSource } from '../../activities/ports/metric-source.js';
import type { Check, RatioCheck } from '../../src/rollout/schema/check.js';
import { errors, latency, memory, requests, seconds, source, target } from './fake-target.js';
import { closedPort, startServer } from './http-server.js';
import { brokenAnswers, expectNeverJudged, never, staysBelow, TestSoak } from './metric-faults.js';

const checks: Check[] = [errors, memory, latency];
const queries: Record<string, string> = { errors: errors.total, memory: memory.query, latency: latency.buckets };

/** Where a source stands that was well at the first look. */
const cursorOf = async (): Promise<unknown> =>
  (await (await target(`${requests(500, 5)}memory_share 0.5\n${seconds({ 0.1: 5, '+Inf': 9 })}`)).look(checks, undefined, never)).cursor;

const escape = (text: string): RegExp => new RegExp(text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));

/** Each check is asked of a source that was well before. */
async function expectEach(failing: MetricSource, kind: 'no-data' | 'error', says: (check: Check) => RegExp): Promise<void> {
  const cursor = await cursorOf();
  for (const check of checks) await expectNeverJudged({ check, source: failing, cursor }, kind, says(check));
}

describe('metrics that cannot be read are an error, never a pass and never a rollback', () => {
  it.each(brokenAnswers)('%s', async (_, says, timeout, answer) => {
    const failing = source((await startServer(answer)).url, timeout);
    await staysBelow(100, async () => {
      await expectEach(failing, 'error', () => says);
      expect((await failing.selfTest(checks, never)).map(({ outcome, saw }) => [outcome, says.test(saw)])).toEqual(checks.map(() => ['unreachable', true]));
    });
  });

  it('a target that is down, a URL that is none, a host that does not exist', async () => {
    await expectEach(source(`http://127.0.0.1:${await closedPort()}`), 'error', () => /the connection was refused/);
    await expectEach(source('nonsense'), 'error', () => /is not a URL/);
    await expectEach(source('http://no-such-host.invalid'), 'error', () => /the host name/);
  });

  it.each([
    ['a bad line', 'requests_total{status="200" 12\n', /line 1 is not of the Prometheus text format/],
    ['a text that is cut off', 'requests_total{status="200"} 12', /cut off/],
    ['JSON', '{"status":"UP"}\n', /line 1 is not/],
  ])('%s', async (_, text, says) => {
    await expectEach(await target(text), 'error', () => says);
  });

  it('the same series twice', async () => {
    const twice = `${requests(1)}${requests(2)}memory_share 1\nmemory_share 2\n${seconds({ 1: 1, '+Inf': 1 })}${seconds({ 1: 2 })}`;
    await expectEach(await target(twice), 'error', ({ name }) => escape(`${queries[name]}: the metrics hold the same series more than once`));
  });

  it('more than 500 series in one query, or 2,000 in all', async () => {
    const series = Array.from({ length: 600 }, (_, index) => `requests_total{path="/${index}"} 1\n`).join('');
    await expectNeverJudged({ check: errors, source: await target(series), cursor: await cursorOf() }, 'error', /requests_total: more than 500 series match: narrow the selector/);
    const tens = Array.from({ length: 6 }, (_, ten) => ({ ...errors, name: `tens-${ten}`, total: 'requests_total{path=~"/[0-3]..|/4[0-8].|/[0-9]{1,2}"}' }));
    const { samples, cursor } = await (await target(series)).look(tens, undefined, never);
    expect(Object.values(samples).map(({ kind }) => kind)).toEqual(['no-data', 'no-data', 'no-data', 'no-data', 'error', 'error']);
    expect(JSON.stringify(cursor).length).toBeLessThan(64_000);
  });

  it('a query that is no selector, without harm to the other checks', async () => {
    const rate: RatioCheck = { ...errors, name: 'rate', total: 'rate(requests_total[5m])' };
    const { samples } = await (await target('memory_share 0.5\n')).look([rate, memory], undefined, never);
    expect(samples).toEqual({
      rate: { kind: 'error', reason: expect.stringMatching(/^rate\(requests_total\[5m\]\): not a query for scraped metrics/) },
      memory: { kind: 'value', value: 0.5 },
    });
  });

  it.each([
    [memory, 'memory_share{pod="a"} 1\nmemory_share{pod="b"} 2\n', 'memory_share: 2 series match where one should: narrow the selector'],
    [latency, 'seconds_bucket 4\n', 'seconds_bucket: a series without the label le matches: is it a counter of buckets, with a name such as x_bucket?'],
    [latency, seconds({ 0.1: 9, 0.3: 12 }), 'seconds_bucket: there is no bucket le="+Inf", so nobody knows how many there were'],
    [latency, seconds({ fast: 9, '+Inf': 12 }), 'seconds_bucket: le="fast" is not the upper edge of a bucket'],
    [{ ...errors, bad: 'failures_total' }, `${requests(600)}failures_total 900\n`, 'failures_total: 900 were bad of 100: more is bad than there is'],
  ] satisfies [Check, string, string][])('%o, with %j', async (check, text, reason) => {
    const [failing, cursor] = [await target(text), await cursorOf()];
    await expectNeverJudged({ check, source: failing, cursor }, 'error', escape(reason));
  });
});

describe('metrics that say nothing are no data, and the reason names the query and the value', () => {
  it.each([
    ['no series', '', 'no series matches'],
    ['NaN', 'NaN', 'the value is NaN'],
    ['+Inf', '+Inf', 'the value is +Inf'],
    ['-Inf', '-Inf', 'the value is -Inf'],
    ['a value of long ago', '12 1395066363000', 'the value 12 is of 2014-03-17T14:26:03.000Z, more than 5 minutes ago'],
  ])('%s', async (_, value, reason) => {
    const text = ['requests_total', 'memory_share', 'seconds_bucket{le="+Inf"}'].map((series) => (value === '' ? '' : `${series} ${value}\n`)).join('');
    await expectEach(await target(text), 'no-data', ({ name }) => escape(`${queries[name]}: ${reason}`));
  });

  it('NaN in the bad series alone', async () => {
    const failing = await target(`${requests(500)}requests_total{status="500"} NaN\n`);
    await expectNeverJudged({ check: errors, source: failing, cursor: await cursorOf() }, 'no-data', /requests_total: the value is NaN/);
  });

  it('buckets that are not cumulative, for one look', async () => {
    const metrics = [seconds({ 0.1: 10, 1: 20, '+Inf': 30 }), seconds({ 0.1: 70, 1: 60, '+Inf': 130 }), seconds({ 0.1: 80, 1: 90, '+Inf': 190 })];
    await expectNeverJudged({ check: latency, source: await target(metrics[1]!), cursor: await cursorOf() }, 'no-data', /seconds_bucket: the buckets are not cumulative: le="1" has 60, and one below it has 65/);
    const soak = new TestSoak(await target(...metrics), latency);
    await soak.look();
    expect((await soak.look()).sample).toMatchObject({ kind: 'no-data', reason: expect.stringContaining('not cumulative') });
    expect((await soak.look()).sample).toEqual({ kind: 'histogram', buckets: { 0.1: 10, 1: 30, '+Inf': 60 } });
  });
});
