import { describe, expect, it } from 'vitest';
import { production, told, toldAt } from './told.js';

it('a check of a value can pass', () => {
  const memory = { name: 'memory', kind: 'value', query: 'memory', max: 0.5 };
  const metrics = { type: 'scrape', url: 'http://x' };
  expect(told({ metrics, checks: [{ ...memory, min: 0.6 }] })).toEqual(['/checks/0/min: min is 0.6 and max is 0.5: memory could never pass']);
  expect(told({ metrics, checks: [{ ...memory, min: 0.5 }] })).toEqual([]);
});

describe('what a check asks', () => {
  const errors = { name: 'errors', kind: 'ratio', bad: 'bad', total: 'total', objective: 0.99 };
  const latency = { name: 'latency', kind: 'histogram', buckets: 'seconds_bucket' };
  const heap = { name: 'heap', kind: 'value', query: 'heap', max: 1 };
  const metrics = (type: string) => ({ metrics: { type, url: 'http://x' } });

  it.each([
    'requests_total', 'job:requests:total', ' requests_total{status=~"5..",route!="/a{b}"} ', "requests_total{path='it\\'s'}", 'requests_total{x="a\\"}b"}',
    '{{ METRIC }}', '{{ SERVICE }}_requests_total{region="{{ region.name }}"}', 'sum(increase(a[$window])) + sum(increase(b[$window]))',
  ])('is a counter that Prometheus can be asked for: %s', (query) => {
    const variables = ['METRIC', 'SERVICE'].map((name) => ({ name, default: 'x' }));
    expect(told({ ...metrics('prometheus'), variables, checks: [{ ...errors, bad: query }, { ...latency, buckets: query }] })).toEqual([]);
  });

  it.each(['rate(requests_total[5m])', 'sum(requests_total)', 'a + b', 'a{x="1"} + b{x="1"}', 'requests_total[5m]', '{__name__="requests_total"}'])(
    'has a place for its range where it is no plain counter: %s', (query) => {
      expect(toldAt({ ...metrics('prometheus'), checks: [{ ...errors, bad: query, total: query }, { ...latency, buckets: query }, { ...heap, query }] }))
        .toEqual(['/checks/0/bad', '/checks/0/total', '/checks/1/buckets']);
      expect(toldAt({ ...metrics('scrape'), checks: [{ ...heap, query }] })).toEqual(['/checks/0/query']);
      expect(told({ ...metrics('webhook'), checks: [{ ...errors, bad: query }, { ...heap, query }] })).toEqual([]);
    });

  it('is what the source of each phase can answer', () => {
    const checks = [{ ...errors, bad: 'increase(bad[$window])' }];
    expect(told({ ...metrics('prometheus'), checks })).toEqual([]);
    expect(told({ ...metrics('prometheus'), checks, lifecycle: [{ environment: 'staging', ...metrics('scrape') }, production] })).toEqual([
      '/checks/0/bad: this is no series selector such as requests_total{status="500"}, and metrics of type scrape know nothing else',
    ]);
    expect(told({ ...metrics('prometheus'), checks: [{ ...latency, buckets: 'sum(seconds_bucket) by (le)' }] })).toEqual([
      '/checks/0/buckets: this is no series selector such as requests_total{status="500"}, and has no $window where its range belongs: write sum by (le) (increase(x[$window]))',
    ]);
    expect(told({ ...metrics('prometheus'), checks: [{ ...errors, total: 'sum(total)' }] })[0]).toContain('write sum(increase(x[$window]))');
  });

  it('names variables of the pipeline, in buckets too, and no secret', () => {
    const variables = [{ name: 'KEY', secret: true, values: [{ from: { env: 'KEY' } }] }];
    const asking = (name: string) => ({ ...metrics('webhook'), variables, checks: [{ ...latency, buckets: `seconds{key="{{ ${name} }}"}` }] });
    expect(told(asking('region.name'))).toEqual([]);
    expect(toldAt(asking('KEI'))).toEqual(['/checks/0/buckets']);
    expect(told(asking('KEY'))[0]).toContain('/checks/0/buckets: {{ KEY }} is a secret');
    expect(toldAt({ ...metrics('webhook'), checks: [{ ...latency, buckets: 'seconds{{# a }}' }] })).toEqual(['/checks/0/buckets']);
  });
});
