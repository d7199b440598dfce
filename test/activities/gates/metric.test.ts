import { describe, expect, it } from 'vitest';
import type { MetricSource } from '../../../activities/ports/metric-source.js';
import { scrapeMetrics } from '../../../src/adapters/scrape-metrics.js';
import type { Sample } from '../../../src/judge/sample.js';
import type { Check, ScrapeMetrics } from '../../../src/rollout/schema/check.js';
import { closedPort, startServer } from '../../adapters/http-server.js';
import { gateDependencies, gateWork, look, silentSource } from './gate-work.js';

const lag = { name: 'replication-lag', type: 'metric', query: 'replication_lag_seconds', max: 10, interval: '5s' };

/** A source that answers the same to every question, and remembers what it was asked. */
function saying(sample: Sample): { asked: Check[]; source: MetricSource } {
  const asked: Check[] = [];
  return {
    asked,
    source: {
      ...silentSource,
      look: async (checks) => {
        asked.push(...checks);
        return { samples: Object.fromEntries(checks.map(({ name }) => [name, sample])), cursor: undefined };
      },
    },
  };
}

const metrics: ScrapeMetrics = { type: 'scrape', url: 'http://127.0.0.1/metrics', timeout: '5s' };

const answerTo = (gate: Record<string, unknown>, sample: Sample) =>
  look(gateDependencies({ connectMetrics: () => saying(sample).source }), gateWork(gate, { metrics }));

describe('a metric gate', () => {
  it.each([
    [{ max: 10 }, 9, true], [{ max: 10 }, 10, true], [{ max: 10 }, 10.1, false], [{ min: 2 }, 2, true], [{ min: 2 }, 1.9, false],
    [{ min: 2, max: 4 }, 3, true], [{ min: 2, max: 4 }, 1, false], [{ min: 2, max: 4 }, 5, false], [{ max: 0 }, 0, true], [{ max: 0 }, -1, true],
  ])('with the bounds %j and the value %d is open: %s', async (bounds, value, isOpen) => {
    const { max: _max, ...bare } = lag;
    expect(await answerTo({ ...bare, ...bounds }, { kind: 'value', value })).toMatchObject({ isOpen });
  });

  it('says the number and its bounds, and when it is looked at again', async () => {
    expect(await answerTo(lag, { kind: 'value', value: 34 })).toEqual({ isOpen: false, saw: 'replication-lag is 34, at most 10', lookAgainMs: 5_000 });
    expect(await answerTo({ ...lag, min: 1 }, { kind: 'value', value: 3 })).toMatchObject({ saw: 'replication-lag is 3, at least 1 and at most 10' });
  });

  it.each([
    [{ kind: 'no-data', reason: 'replication_lag_seconds: the answer is empty' }, 'the answer is empty'],
    [{ kind: 'error', reason: '127.0.0.1 answered 503' }, 'answered 503'],
    [{ kind: 'ratio', bad: 0, total: 0 }, 'a share came back'],
    [{ kind: 'histogram', buckets: { '+Inf': 1 } }, 'a histogram came back'],
    [{ kind: 'value', value: Number.NaN }, 'is NaN'],
    [{ kind: 'value', value: Number.NEGATIVE_INFINITY }, 'is -Infinity'],
  ] satisfies [Sample, string][])('is closed by %j, in words', async (sample, words) => {
    expect(await answerTo(lag, sample)).toMatchObject({ isOpen: false, saw: expect.stringContaining(words) });
  });

  it('is closed by a source that forgets the question, and where the pipeline names no metrics', async () => {
    const source: MetricSource = { ...silentSource, look: async () => ({ samples: {}, cursor: undefined }) };
    expect(await look(gateDependencies({ connectMetrics: () => source }), gateWork(lag, { metrics }))).toMatchObject({ isOpen: false });
    expect(await look(gateDependencies(), gateWork(lag))).toMatchObject({ isOpen: false, saw: expect.stringContaining('names no metrics') });
  });

  it('asks with its templates filled in, and is closed where one has no value', async () => {
    const { asked, source } = saying({ kind: 'value', value: 1 });
    const dependencies = gateDependencies({ connectMetrics: () => source });
    const work = gateWork(
      { ...lag, query: 'lag{region="{{ region.name }}",tenant="{{ tenant.name }}",db="{{ DB }}"}' },
      { metrics, variables: [{ name: 'DB', secret: false, source: { value: 'orders' } }] },
      { tenant: 'acme' },
    );
    expect(await look(dependencies, work)).toMatchObject({ isOpen: true });
    expect(asked).toMatchObject([{ name: 'replication-lag', kind: 'value', query: 'lag{region="sydney",tenant="acme",db="orders"}', max: 10 }]);
    const { settings, ...without } = work;
    expect(await look(dependencies, { ...without, settings: { ...settings, variables: [] } })).toMatchObject({ isOpen: false, saw: expect.stringContaining('{{ DB }} has no value') });
    expect(asked).toHaveLength(1);
  });

  it('looks over the time between two looks where its query has a window, from the first look on', async () => {
    const { asked, source } = saying({ kind: 'value', value: 1 });
    const gate = { ...lag, query: 'sum(rate(requests_total[$window]))', interval: 'PT1M30S' };
    expect(await look(gateDependencies({ connectMetrics: () => source }), gateWork(gate, { metrics }))).toMatchObject({ isOpen: true });
    expect(asked).toMatchObject([{ query: 'sum(rate(requests_total[90000ms]))' }]);
  });

  it('is closed while the worker lacks a reference, and names it', async () => {
    const variables = [{ name: 'DB', secret: true, source: { from: { env: 'NO_SUCH_VARIABLE' } } }];
    expect(await look(gateDependencies(), gateWork(lag, { metrics, variables }))).toMatchObject({
      isOpen: false, saw: expect.stringContaining('NO_SUCH_VARIABLE is not set'), lookAgainMs: 5_000,
    });
  });

  it('reads a real target, and is closed while that is away', async () => {
    const dependencies = gateDependencies({ connectMetrics: (settings) => scrapeMetrics()(settings as ScrapeMetrics) });
    const server = await startServer((_, response) => response.writeHead(200, { 'content-type': 'text/plain' }).end('replication_lag_seconds 4\n'));
    const at = (url: string) => look(dependencies, gateWork(lag, { metrics: { ...metrics, url } }));
    expect(await at(server.url)).toMatchObject({ isOpen: true, saw: 'replication-lag is 4, at most 10' });
    expect(await at(`http://127.0.0.1:${await closedPort()}`)).toMatchObject({ isOpen: false, saw: expect.stringContaining('refused') });
  });
});
