import { describe, expect, it } from 'vitest';
import type { SelfTest } from '../../activities/ports/metric-source.js';
import type { Check } from '../../src/rollout/schema/check.js';
import { errors, latency, memory, requests, seconds, source, target } from './fake-target.js';
import { closedPort } from './http-server.js';
import { never } from './metric-faults.js';

const metrics = `${requests(995, 5)}memory_share 0.62\n${seconds({ 0.1: 90, 1: 99, '+Inf': 100 })}build_info{version="1"} 1\n# TYPE failures_total counter\n`;
const testOf = async (check: Check, text = metrics): Promise<SelfTest> => (await (await target(text)).selfTest([check], never))[0]!;

describe('a check of scraped metrics that can fail', () => {
  it('is told by everything that was ever counted', async () => {
    expect(await (await target(metrics)).selfTest([errors, memory, latency], never)).toEqual([
      { check: 'errors', outcome: 'works', saw: 'asked with everything bad, 1000 of 1000 were: that fails the objective 0.99' },
      { check: 'memory', outcome: 'works', saw: 'memory_share is 0.62; any max below that, or min above, would fail' },
      { check: 'latency', outcome: 'works', saw: '100 observations in 3 cumulative buckets, the last of them +Inf' },
    ]);
  });

  it('has a bad that may match although nothing bad has happened', async () => {
    for (const bad of ['requests_total{status="500"}', 'requests_total{status="504"}', 'failures_total{kind="x"}', 'requests_total{canary!="true",status="500"}']) {
      expect(await testOf({ ...errors, bad }, `${requests(995)}# TYPE failures_total counter\n`)).toMatchObject({ outcome: 'works' });
    }
  });
});

it('a check of scraped metrics that has not seen what it counts as bad says so', async () => {
  expect(await testOf({ ...errors, bad: 'requests_total{status="504"}' })).toMatchObject({ outcome: 'works', saw: expect.stringMatching(/; no series of requests_total has status="504" so far, but 200, 500$/) });
  expect(await testOf({ ...errors, bad: 'failures_total{kind="x"}' })).toMatchObject({ outcome: 'works', saw: expect.not.stringContaining('so far') });
});

describe('a check of scraped metrics that cannot fail', () => {
  it.each([
    ['requests_total{statsu=~"5.."}', 'requests_total has no label statsu. Did you mean status?'],
    ['requests_total{status="5.."}', 'status="5.." is taken word for word, and no series has it: write status=~"5.." for a pattern'],
    ['build_info{status="500"}', 'build_info has no label status.'],
    ['memory_share{status="500"}', 'memory_share has no label status.'],
    ['requsts_total{status=~"5.."}', 'there is no metric requsts_total. Did you mean requests_total?'],
    ['failurs_total', 'there is no metric failurs_total. Did you mean failures_total?'],
  ])('is told by the names in %s', async (bad, saw) => {
    expect(await testOf({ ...errors, bad })).toEqual({ check: 'errors', outcome: 'broken', saw: `${bad} can never match: ${saw}` });
  });

  it.each([
    [{ ...errors, total: 'sum(requests_total)' }, /^sum\(requests_total\): not a query for scraped metrics/],
    [{ ...errors, bad: 'sum(requests_total)' }, /^sum\(requests_total\): not a query for scraped metrics/],
    [{ ...memory, query: 'requests_total' }, /2 series match where one should/],
    [{ ...latency, buckets: 'memory_share' }, /without the label le/],
    [{ ...latency, buckets: 'seconds_bucket{le!="+Inf"}' }, /no bucket le="\+Inf"/],
  ] satisfies [Check, RegExp][])('is %o', async (check, saw) => {
    expect(await testOf(check)).toMatchObject({ outcome: 'broken', saw: expect.stringMatching(saw) });
  });

  it('has a URL that is none', async () => {
    expect(await source('nonsense').selfTest([errors], never)).toMatchObject([{ outcome: 'broken', saw: expect.stringContaining('is not a URL') }]);
  });
});

describe('a check of scraped metrics that cannot be tested yet', () => {
  it('has a target that has not counted yet', async () => {
    expect(await testOf(errors, '')).toMatchObject({ outcome: 'untested', saw: 'requests_total: no series matches; requests_total can never match: there is no metric requests_total. If it has just not counted yet, let the service set it to 0 when it starts.' });
    expect(await testOf(errors, '# TYPE requests_total counter\n')).toEqual({ check: 'errors', outcome: 'untested', saw: 'requests_total: no series matches' });
    expect(await testOf(errors, requests(0, 0))).toMatchObject({ outcome: 'untested', saw: 'requests_total: nothing was counted lately' });
    expect(await testOf(memory, 'memory_share NaN\n')).toMatchObject({ outcome: 'untested', saw: 'memory_share: the value is NaN' });
    expect(await testOf(latency, seconds({ 1: 0, '+Inf': 0 }))).toMatchObject({ outcome: 'untested' });
    expect(await testOf({ ...latency, buckets: 'seconds' }, `${metrics}# TYPE seconds histogram\n`)).toMatchObject({ outcome: 'untested', saw: expect.stringContaining('seconds is a histogram, write seconds_bucket') });
  });

  it('has a target that is not there', async () => {
    expect(await source(`http://127.0.0.1:${await closedPort()}`).selfTest([errors], never)).toMatchObject([{ check: 'errors', outcome: 'unreachable', saw: expect.stringContaining('refused') }]);
  });
});
