import { describe, expect, it } from 'vitest';
import { soakWarnings } from '../../../src/rollout/document/soak-warnings.js';
import { shop } from '../sample-document.js';

const errors = { name: 'errors', kind: 'ratio', bad: 'bad', total: 'total', objective: 0.99 };
const memory = { name: 'memory', kind: 'value', query: 'memory' };
const latency = { name: 'latency', kind: 'histogram', buckets: 'seconds_bucket' };
const prometheus = { type: 'prometheus', url: 'http://prometheus:9090' };
const scrape = { type: 'scrape', url: 'http://x/metrics' };

/** What is said of production, unless a phase of its own says otherwise. */
const warnings = (changes: Record<string, unknown>, phase: Record<string, unknown> = {}): string[] =>
  soakWarnings(shop({ metrics: prometheus, checks: [errors], lifecycle: [{ environment: 'production', ...phase }], ...changes }));

describe('a document warns of a soak', () => {
  it('of nothing when it is as it should be', () => {
    expect(warnings({})).toEqual([]);
    expect(warnings({ checks: [errors, memory, latency], soak: { duration: '1h', earlyFinish: true, history: '4h', watchAfter: '1d' } })).toEqual([]);
  });

  it('that is looked at too few times', () => {
    expect(warnings({ soak: { min: '5m', interval: '30s' } })).toEqual([]);
    expect(warnings({ soak: { min: '299s', interval: '30s' } })).toEqual([
      'production: the soak sees 9 looks in its min of 299s, one every 30s: little is proven by fewer than 10, and it will be extended. Raise min, or look more often.',
    ]);
    expect(warnings({}, { soak: { min: '5m', interval: '3m' } })).toEqual([expect.stringContaining('production: the soak sees 1 look in its min of 5m, one every 3m')]);
  });

  it('that sees more than is kept for its report, by its looks, checks and places', () => {
    const long = { max: '72h', interval: '10s' };
    expect(warnings({ soak: { ...long, max: '71h' } }, { waves: [['sydney']] })).toEqual([]);
    expect(warnings({ soak: long })).toEqual([
      'production: a soak that takes its max of 72h, a look every 10s, sees more than is kept for its report: after about 1d 22h only decisions are, and the last looks. Look less often, or give a shorter max.',
    ]);
    expect(warnings({ soak: { ...long, interval: '30s' } })).toEqual([]);
    expect(warnings({ checks: [errors, memory, latency], soak: { ...long, max: '14h' } })).toEqual([]);
    expect(warnings({ checks: [errors, memory, latency], soak: { ...long, max: '17h' } })).toHaveLength(1);
  });

  it('that could end early and is not meant to take longer', () => {
    const useless = 'production: earlyFinish has no effect: the soak is not meant to take longer than its min of 30m. Give a longer duration.';
    expect(warnings({ soak: { earlyFinish: true } })).toEqual([useless]);
    expect(warnings({ soak: { earlyFinish: true, duration: '30m' } })).toEqual([useless]);
    expect(warnings({ soak: { earlyFinish: true, duration: '31m' } })).toEqual([]);
  });

  it('that learns the noise from too short a past, where there is one', () => {
    const soak = { history: '239m' };
    const short = 'production: history is 239m, and the judge learns the noise of the checks from 4h or more: with less it needs more evidence, to pass and to fail.';
    expect(warnings({ soak })).toEqual([short]);
    expect(warnings({ soak, metrics: { type: 'webhook', url: 'http://x' } })).toEqual([short]);
    expect(warnings({ soak: { history: '4h' } })).toEqual([]);
    // All times scale with the interval: at a look a second eight minutes are as good as four hours.
    expect(warnings({ soak: { history: '8m', interval: '1s' } })).toEqual([]);
    expect(warnings({ soak: { history: '4h', interval: '1m' } })).toEqual([]);
  });

  it('that asks for a past of metrics that keep none', () => {
    const none = 'production: history has no effect: metrics of type scrape keep no past. The judge begins with the noise that it takes for granted.';
    expect(warnings({ metrics: scrape })).toEqual([]);
    expect(warnings({ metrics: scrape, soak: { history: '12h' } })).toEqual([none]);
    expect(warnings({ soak: { history: '12h' } }, { metrics: scrape })).toEqual([none]);
  });

  it.each([
    ['one region', { regions: { sydney: { weight: 1 } } }, {}],
    ['one region of the phase', {}, { waves: [['sydney']] }],
    ['all in one wave', {}, { waves: [['sydney', 'virginia', 'frankfurt']] }],
    ['all at once', {}, { waves: 'all' }],
  ])('whose checks could only be held against the past: %s', (_title, changes, phase) => {
    const checks = [errors, memory, { ...memory, name: 'bounded', max: 1 }, { ...memory, name: 'filled', min: 1 }, latency];
    const never = (name: string) => `production: ${name} has no limit, and no region is left to compare with: it can hold the rollout, and never fail it.`;
    expect(warnings({ checks, ...changes }, phase)).toEqual([never('memory'), never('latency')]);
  });

  it.each([
    ['one after the other', {}], ['two waves', { waves: [['sydney', 'virginia'], ['frankfurt']] }], ['one wave, one at a time', { waves: 'all', concurrency: 1 }],
    ['rolling', { waves: { order: 'rolling', concurrency: 2 } }],
  ])('not of checks that some region can be compared with: %s', (_title, phase) => {
    expect(warnings({ checks: [memory, latency] }, phase)).toEqual([]);
  });

  it('of an effect that no soak can exclude', () => {
    expect(warnings({ checks: [{ ...errors, margin: 1.09 }, { ...latency, margin: 1.01 }] })).toEqual([
      'errors: a margin of 1.09 takes more traffic than a soak sees: it will be extended, and prove nothing. 1.1 or more is what can be shown.',
      'latency: a margin of 1.01 takes more traffic than a soak sees: it will be extended, and prove nothing. 1.02 or more is what can be shown.',
    ]);
    expect(warnings({ checks: [{ ...errors, margin: 1.1 }, { ...latency, margin: 1.02 }, { ...memory, margin: 1.02 }] })).toEqual([]);
  });

  it('that nobody watches on, and then of nothing else: a soak without checks only waits', () => {
    expect(warnings({ checks: [], soak: { watchAfter: '1h', min: '1m', earlyFinish: true } })).toEqual(['production: watchAfter has no effect: there are no checks that could be watched on.']);
  });

  it('of each phase by its own name', () => {
    const lifecycle = [{ environment: 'staging', soak: { min: '1m' } }, { environment: 'load', optional: true, soak: { earlyFinish: true } }, { environment: 'production' }];
    expect(warnings({ lifecycle }).map((warning) => warning.split(':')[0])).toEqual(['staging', 'load']);
  });
});
