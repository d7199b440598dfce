import { describe, expect, it } from 'vitest';
import { planHash } from '../../../src/rollout/plan/plan-hash.js';
import { requeue } from '../../../src/rollout/plan/plan.js';
import type { Plan } from '../../../src/rollout/schema/plan.js';
import { ask, everywhere, placeIn, running } from './ask-plan.js';
import { shop } from '../sample-document.js';

const watched = { metrics: { type: 'scrape', url: 'http://x/metrics' }, checks: [{ name: 'memory', kind: 'value', query: 'memory', max: 0.9 }] };
const production = (changes: Record<string, unknown> = {}, document: Record<string, unknown> = {}) =>
  shop({ ...watched, ...document, lifecycle: [{ environment: 'production', ...changes }] });
const board = running('1.0.0', ...everywhere('production'));
/** Place → the regions that it is compared with. */
const compared = (plan: Plan): Record<string, string[]> => Object.fromEntries(plan.phases.flatMap(({ waves }) =>
  waves.flatMap(({ regions }) => regions.map(({ region, tenant, comparedWith }) => [tenant === undefined ? region : `${region}/${tenant}`, comparedWith]))));
const planned = (changes?: Record<string, unknown>, document?: Record<string, unknown>, question: Partial<Parameters<typeof ask>[0]> = {}) =>
  ask({ document: production(changes, document), board, ...question });

describe('a plan says what each region is compared with', () => {
  it('one by one: all others, those that have passed and those that are still to come, the largest first', () => {
    expect(compared(planned())).toEqual({ sydney: ['virginia', 'frankfurt'], frankfurt: ['virginia', 'sydney'], virginia: ['frankfurt', 'sydney'] });
    expect(planned().warnings).toEqual([]);
  });

  it('those of other waves alone where a wave changes together', () => {
    expect(compared(planned({ waves: [['sydney'], ['frankfurt', 'virginia']] }))).toEqual({
      sydney: ['virginia', 'frankfurt'], frankfurt: ['sydney'], virginia: ['sydney'],
    });
  });

  it('none where all change at once, and warns of it', () => {
    const plan = planned({ waves: [['sydney', 'frankfurt', 'virginia']] });
    expect(compared(plan)).toEqual({ sydney: [], frankfurt: [], virginia: [] });
    expect(plan.warnings).toContain('production: sydney, frankfurt and virginia are compared with their own past only: no region is left that does not change meanwhile. '
      + 'That finds less, and holds rather than rolls back.');
  });

  it('none of those that a rolling wave may begin meanwhile', () => {
    const regions = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`r${index}`, { weight: 12 - index }]));
    const keys = Object.keys(regions).map((region) => `production/${region}`);
    const rolling = (concurrency: number) => compared(ask({
      document: production({ waves: { order: 'rolling', concurrency }, soak: { min: '30m', max: '1h' } }, { regions }), board: running('1.0.0', ...keys),
    }));
    expect(rolling(1).r11).toEqual(['r0', 'r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7']);
    // The other lane is free, and three more may follow in it: r10, r9, r8 and r7.
    expect(rolling(2).r11).toEqual(['r0', 'r1', 'r2', 'r3', 'r4', 'r5', 'r6']);
    // r10 is at work beside r9, r8, r7 and r6 may follow, and r11 has passed.
    expect(rolling(2).r9).toEqual(['r0', 'r1', 'r2', 'r3', 'r4', 'r5', 'r11']);
  });

  it('none where nobody serves: drained, or empty until its own wave has passed', () => {
    expect(compared(planned({}, {}, { drained: { virginia: 'disk swap' } }))).toEqual({ sydney: ['frankfurt'], frankfurt: ['sydney'], virginia: ['frankfurt', 'sydney'] });
    const first = planned({}, {}, { board: [] });
    expect(compared(first)).toEqual({ sydney: [], frankfurt: ['sydney'], virginia: ['frankfurt', 'sydney'] });
    expect(first.warnings).toEqual([]);
  });

  it('one by one in a wave of their own too: what was empty serves when its turn is over', () => {
    const oneByOne = { waves: [['sydney', 'frankfurt', 'virginia']], concurrency: 1 };
    expect(compared(planned(oneByOne, {}, { board: [] }))).toEqual({ sydney: [], frankfurt: ['sydney'], virginia: ['frankfurt', 'sydney'] });
  });

  it('all others of its wave where it is drained: it comes alone, at the end', () => {
    const together = { waves: [['sydney', 'frankfurt', 'virginia']] };
    expect(compared(planned(together, {}, { drained: { virginia: 'disk swap' } }))).toEqual({ sydney: [], frankfurt: [], virginia: ['frankfurt', 'sydney'] });
  });

  it('the same tenant elsewhere, and no other', () => {
    const tenants = { acme: { regions: ['sydney', 'frankfurt'] }, globex: { regions: ['frankfurt'] } };
    const keys = ['production/sydney/acme', 'production/frankfurt/acme', 'production/frankfurt/globex', 'production/virginia'];
    const plan = planned({}, { tenants }, { board: running('1.0.0', ...keys) });
    expect(compared(plan)).toEqual({ 'sydney/acme': ['frankfurt'], 'frankfurt/acme': ['sydney'], 'frankfurt/globex': [], virginia: [] });
    expect(plan.warnings[0]).toContain('frankfurt/globex and virginia are compared with their own past only');
  });

  it('also those that the walk leaves as they are', () => {
    const begun = { verified: { 'production/sydney': '2026-11-21T10:00:00.000Z' }, board: [...running('1.1.0', 'production/sydney'), ...running('1.0.0', 'production/frankfurt', 'production/virginia')] };
    expect(compared(planned({}, {}, begun))).toEqual({ frankfurt: ['virginia', 'sydney'], virginia: ['frankfurt', 'sydney'] });
  });

  it('and warns of nothing where nothing is asked', () => {
    const alone = { waves: [['sydney']] };
    expect(planned(alone).warnings).toHaveLength(1);
    expect(planned(alone, { checks: [] }).warnings).toEqual(['production: there are no checks; the soak only waits and cannot see a bad release.']);
    expect(planned(alone, { metrics: undefined }).warnings).toEqual([]);
    expect(planned({ ...alone, metrics: watched.metrics }, { metrics: undefined }).warnings).toHaveLength(1);
  });

  it('though it is no part of what is approved', () => {
    const plan = planned();
    expect(planned({}, {}, { board: [] }).hash).toBe(plan.hash);
    expect(planHash(plan)).toBe(plan.hash);
  });

  it('not with one that was drained when its turn came', () => {
    const document = production();
    const plan = requeue(ask({ document, board }), 'production', [placeIn('production/virginia')], document);
    expect(compared(plan)).toEqual({ sydney: ['frankfurt'], frankfurt: ['sydney'], virginia: ['frankfurt', 'sydney'] });
  });
});
