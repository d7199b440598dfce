import { describe, expect, it } from 'vitest';
import { planRollout, type PlanQuestion } from '../../../src/rollout/plan/plan.js';
import { shipOptions, shop, verifiedIn } from '../sample-document.js';

const watched = { metrics: { type: 'scrape', url: 'http://x/metrics' }, checks: [{ name: 'memory', kind: 'value', query: 'memory', max: 0.9 }] };
const warnings = (production: Record<string, unknown>, document: Record<string, unknown> = {}, question: Partial<PlanQuestion> = {}): string[] =>
  planRollout({
    document: shop({ ...watched, ...document, lifecycle: [{ environment: 'production', ...production }] }),
    revision: 1, release: '1.1.0', options: shipOptions(), verified: {}, board: [], ...question,
  }).warnings;
const smallestFirst = (changes: Record<string, unknown>) => ({ waves: { order: 'smallest-first', ...changes } });

describe('a plan warns', () => {
  it('of nothing when the regions go one by one, the largest last, under checks', () => {
    expect(warnings({})).toEqual([]);
  });

  it('when the region with the most traffic is not in the last wave', () => {
    expect(warnings({ waves: [['virginia'], ['sydney'], ['frankfurt']] })).toEqual([
      'production: virginia carries the most traffic (weight 65) and is not in the last wave.',
    ]);
    expect(warnings({ waves: [['sydney'], ['frankfurt', 'virginia']] })).toEqual([]);
    const alike = { regions: { a: { weight: 5 }, b: { weight: 5 } } };
    expect(warnings({ waves: [['a'], ['b']] }, alike)).toEqual([]);
  });

  it('when the first wave touches more of the traffic than it should', () => {
    expect(warnings(smallestFirst({ maxFirstExposure: '4.9%' }))).toEqual(['production: wave 1 touches 5% of the traffic, more than maxFirstExposure 4.9%.']);
    expect(warnings(smallestFirst({ maxFirstExposure: '5%' }))).toEqual([]);
  });

  it('of no first wave where the release runs in some regions already', () => {
    const sydney = 'production/sydney';
    const begun = { verified: verifiedIn(sydney), board: [{ environment: 'production', region: 'sydney', release: '1.1.0' }] };
    expect(warnings(smallestFirst({ maxFirstExposure: '5%' }), {}, begun)).toEqual([]);
  });

  it.each([
    ['one names the other', { sydney: { weight: 5, pair: 'virginia' }, virginia: { weight: 65 } }],
    ['the other names the one', { sydney: { weight: 5 }, virginia: { weight: 65, pair: 'sydney' } }],
    ['each names the other', { sydney: { weight: 5, pair: 'virginia' }, virginia: { weight: 65, pair: 'sydney' } }],
  ])('once when a failover pair changes in one wave: %s', (_title, pair) => {
    expect(warnings({ waves: [['virginia', 'sydney']] }, { regions: pair })).toEqual([
      'production: virginia and sydney are a failover pair and share wave 1: neither can take over while both change.',
    ]);
    expect(warnings({ waves: [['sydney'], ['virginia']] }, { regions: pair })).toEqual([]);
  });

  it('when it starts with three regions at once or more', () => {
    expect(warnings({ waves: [['sydney', 'frankfurt', 'virginia']] })).toEqual(['production: wave 1 starts with 3 regions at once.']);
    expect(warnings({ waves: [['sydney', 'frankfurt', 'virginia']], concurrency: 2 })).toEqual([]);
    expect(warnings({ waves: [['sydney', 'frankfurt'], ['virginia']] })).toEqual([]);
  });

  it('of nobody being last when all change at once', () => {
    const pair = { regions: { sydney: { weight: 5, pair: 'frankfurt' }, frankfurt: { weight: 30 }, virginia: { weight: 65 } } };
    expect(warnings({ waves: 'all' }, pair)).toEqual([]);
  });

  it('when a region is drained just now, and of no other', () => {
    expect(warnings({}, {}, { drained: { sydney: 'disk swap', oslo: 'gone' } })).toEqual([
      'production: sydney is drained (disk swap): the rollout comes back to it when the other regions are done.',
    ]);
  });

  it('when nothing is watched', () => {
    expect(warnings({}, { checks: [] })).toEqual(['production: there are no checks; the soak only waits and cannot see a bad release.']);
  });

  it('when all soaks together take longer than a week', () => {
    const days = (min: string, changes = {}) => warnings({ soak: { min, max: '30d' }, ...changes });
    expect(days('56h')).toEqual([]);
    expect(days('57h')).toEqual(['All soaks together take at least 7d 3h, longer than a week.']);
    expect(days('3d', { waves: [['sydney', 'frankfurt', 'virginia']], concurrency: 1 })).toEqual(['All soaks together take at least 9d, longer than a week.']);
  });

  it('in each phase of the walk, and of no phase that it leaves out', () => {
    const document = shop({ lifecycle: [{ environment: 'staging' }, { environment: 'production' }] });
    const of = (to?: string) =>
      planRollout({ document, revision: 1, release: '1.1.0', verified: {}, board: [], options: shipOptions(to === undefined ? {} : { to }) }).warnings;
    expect(of().map((warning) => warning.split(':')[0])).toEqual(['staging', 'production']);
    expect(of('staging').map((warning) => warning.split(':')[0])).toEqual(['staging']);
  });
});
