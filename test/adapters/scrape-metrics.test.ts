import { describe, expect, it } from 'vitest';
import type { MetricSource } from '../../activities/ports/metric-source.js';
import { scrapeMetrics } from '../../src/adapters/scrape-metrics.js';
import { ScrapeMetrics, type RatioCheck, type ValueCheck } from '../../src/rollout/schema/check.js';
import { closedPort, startServer } from './http-server.js';
import { brokenAnswers, never, patience, staysBelow, TestSoak } from './metric-faults.js';

const errors: RatioCheck = { name: 'errors', kind: 'ratio', bad: 'requests_total{status=~"5.."}', total: 'requests_total', objective: 0.99 };
const memory: ValueCheck = { name: 'memory', kind: 'value', query: 'memory_share', max: 0.9 };

const source = (url: string, timeout = patience): MetricSource => scrapeMetrics()(ScrapeMetrics.parse({ type: 'scrape', url: `${url}/metrics`, timeout }));

/** A target whose metrics are the texts, one for each look; the last one stays. */
async function target(...texts: string[]): Promise<MetricSource> {
  const left = [...texts];
  const server = await startServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(left.length > 1 ? left.shift() : left[0]);
  });
  return source(server.url);
}

const requests = (good: number, bad?: number): string =>
  `# TYPE requests_total counter\nrequests_total{status="200"} ${good}\n${bad === undefined ? '' : `requests_total{status="500"} ${bad}\n`}`;

describe('a ratio from scraped counters', () => {
  it('is what the counters have gained since the look before; the first look begins to count', async () => {
    const soak = new TestSoak(await target(requests(1_000, 500), requests(1_150, 502), requests(1_400, 503)), errors);
    expect((await soak.look()).sample).toEqual({ kind: 'no-data', reason: 'requests_total: first look, counting starts now' });
    expect((await soak.look()).sample).toEqual({ kind: 'ratio', bad: 2, total: 152 });
    expect(await soak.look()).toMatchObject({ sample: { kind: 'ratio', bad: 1, total: 251 }, result: { verdict: 'pass', observed: 3 / 403 } });
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
    expect(await soak.look()).toMatchObject({ sample: { kind: 'error' }, result: { verdict: 'error' } });
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
    await soak.look();
    expect((await soak.look()).result.verdict).toBe('pass');
  });
});

describe('metrics that cannot be read are an error, never a pass and never a failure', () => {
  it.each(brokenAnswers)('%s', async (_, says, timeout, answer) => {
    let isBroken = false;
    const server = await startServer((request, response) => {
      if (isBroken) return answer(request, response);
      return response.writeHead(200, { 'content-type': 'text/plain' }).end(`${requests(server.received.length * 500, server.received.length * 250)}memory_share 0.5\n`);
    });
    const soaks = [new TestSoak(source(server.url), errors), new TestSoak(source(server.url), memory)];
    for (const soak of soaks) for (let looks = 0; looks < 3; looks++) await soak.look();
    isBroken = true;
    await staysBelow(100, async () => {
      for (const soak of soaks) {
        const { sample, result } = await soak.look(source(server.url, timeout));
        expect(sample).toEqual({ kind: 'error', reason: expect.stringMatching(says) });
        expect(result).toMatchObject({ verdict: 'error', explanation: expect.stringMatching(says) });
      }
    });
  });

  it('a target that is down', async () => {
    const soak = new TestSoak(source(`http://127.0.0.1:${await closedPort()}`), errors);
    expect((await soak.look()).result).toMatchObject({ verdict: 'error', explanation: expect.stringContaining('the connection was refused') });
  });

  it.each([
    ['a URL that is none', 'nonsense'],
    ['a host that does not exist', 'http://no-such-host.invalid'],
  ])('%s', async (_, url) => {
    expect((await new TestSoak(source(url), errors).look()).result.verdict).toBe('error');
  });

  it.each([
    ['a bad line', 'requests_total{status="200" 12\n', /line 1 is not of the Prometheus text format/],
    ['a text that is cut off', 'requests_total{status="200"} 12', /cut off/],
    ['JSON', '{"status":"UP"}\n', /line 1 is not/],
    ['the same series twice', 'requests_total 1\nrequests_total 2\n', /same series more than once/],
  ])('%s', async (_, text, says) => {
    expect((await new TestSoak(await target(text), errors).look()).result).toMatchObject({ verdict: 'error', explanation: expect.stringMatching(says) });
  });

  it('more than 500 series in one query, or 2,000 in all', async () => {
    const series = Array.from({ length: 600 }, (_, index) => `requests_total{path="/${index}"} 1\n`).join('');
    expect((await new TestSoak(await target(series), errors).look()).sample).toEqual({
      kind: 'error', reason: 'requests_total: more than 500 series match: narrow the selector',
    });
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

  it('several series for one value', async () => {
    expect((await new TestSoak(await target('memory_share{pod="a"} 1\nmemory_share{pod="b"} 2\n'), memory).look()).sample).toEqual({
      kind: 'error', reason: 'memory_share: 2 series match where one should: narrow the selector',
    });
  });
});

describe('metrics that say nothing are no data, and the reason names the query and the value', () => {
  it.each([
    ['no series', '', 'no series matches'],
    ['NaN', 'requests_total NaN\n', 'the value is NaN'],
    ['+Inf', 'requests_total +Inf\n', 'the value is +Inf'],
    ['-Inf', 'requests_total -Inf\n', 'the value is -Inf'],
    ['a value of long ago', 'requests_total 12 1395066363000\n', 'the value 12 is of 2014-03-17T14:26:03.000Z, more than 5 minutes ago'],
  ])('%s', async (_, text, reason) => {
    const ratio = new TestSoak(await target(requests(0, 0), requests(500, 500), text), errors);
    await ratio.look();
    expect((await ratio.look()).result.verdict).toBe('fail');
    expect(await ratio.look()).toMatchObject({
      sample: { kind: 'no-data', reason: `requests_total: ${reason}` }, result: { verdict: 'no-data', explanation: expect.stringContaining(reason) },
    });
    const value = new TestSoak(await target(text.replaceAll('requests_total', 'memory_share')), memory);
    expect((await value.look()).sample).toEqual({ kind: 'no-data', reason: `memory_share: ${reason}` });
  });

  it('NaN in the bad series alone', async () => {
    const soak = new TestSoak(await target(`${requests(500)}requests_total{status="500"} NaN\n`), errors);
    expect((await soak.look()).sample).toEqual({ kind: 'no-data', reason: 'requests_total: the value is NaN' });
  });
});

it('a look that is cancelled ends with the reason of the cancellation', async () => {
  const server = await startServer(() => {});
  await expect(source(server.url).look([errors], undefined, AbortSignal.abort(new Error('cancelled')))).rejects.toThrow('cancelled');
});
