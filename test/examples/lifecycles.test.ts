import { describe, expect, it } from 'vitest';
import { missingIn } from '../../src/rollout/document/missing.js';
import { placesOf } from '../../src/rollout/plan/plan.js';
import { regionSettings } from '../../src/rollout/document/settings.js';
import { timetable } from '../../src/rollout/plan/timetable.js';
import { exampleDocument, firstPlan, wavesIn } from './planned-example.js';

const unwatched = (environment: string): string => `${environment}: there are no checks; the soak only waits and cannot see a bad release.`;

describe('Australia, then the United States, then Europe', async () => {
  const document = await exampleDocument('au-us-eu');
  const plan = firstPlan(document);

  it('goes from one to the next in strict sequence, after staging', () => {
    expect(plan.phases.map(({ environment }) => environment)).toEqual(['staging', 'production']);
    expect(wavesIn(plan, 'production')).toEqual([['au'], ['us'], ['eu']]);
    expect(plan.phases[1]!.waves.map(({ exposure }) => exposure)).toEqual([0.1, 0.4, 1]);
    expect(plan.phases[1]!.waveGates).toMatchObject([{ name: 'next-region', type: 'approval' }]);
    expect(plan.warnings).toEqual([unwatched('staging'), unwatched('production')]);
  });

  it('gives each region its own values, and asks a fourth one for what it lacks', () => {
    const currency = (region: string) => regionSettings(document, { environment: 'production', region }).variables.find(({ name }) => name === 'CURRENCY')?.source;
    expect(['au', 'us', 'eu'].map(currency)).toEqual([{ value: 'AUD' }, { value: 'USD' }, { value: 'EUR' }]);
    expect(missingIn(document)).toEqual([]);
    expect(missingIn(document, { region: 'jp', environment: 'production' })).toMatchObject([{ variable: 'CURRENCY', label: 'Currency that customers pay in', region: 'jp' }]);
  });
});

describe('one, then all at once', async () => {
  const document = await exampleDocument('au-then-all');

  it('ends with staging by itself, and names what comes next', () => {
    const plan = firstPlan(document);
    expect(plan.phases.map(({ environment }) => environment)).toEqual(['staging']);
    expect(plan.next).toBe('production');
  });

  it('ships to the smallest region, then to all others together', () => {
    const plan = firstPlan(document, { to: 'production' });
    expect(wavesIn(plan, 'production')).toEqual([['sydney'], ['singapore', 'dublin', 'frankfurt', 'virginia']]);
    expect(plan.phases[1]!.waves.map(({ concurrency }) => concurrency)).toEqual([1, 4]);
    expect(plan.warnings).toEqual([unwatched('staging'), unwatched('production')]);
  });

  it('cuts a first wave that would touch more than its share', () => {
    const waves = { order: 'smallest-first' as const, sizes: [3, 'rest' as const], maxFirstExposure: '10%' };
    const larger = { ...document, lifecycle: document.lifecycle.map((phase) => ({ ...phase, waves })) };
    expect(wavesIn(firstPlan(larger, { to: 'production' }), 'production')[0]).toEqual(['sydney']);
  });

  it('watches a fix for a shorter time, and not for none', () => {
    const soakOf = (lane: 'normal' | 'hotfix') => firstPlan(document, { lane, reason: 'orders are lost', to: 'production' }).phases.map(({ soakMs }) => soakMs.min);
    expect(soakOf('normal')).toEqual([5_000, 5_000]);
    expect(soakOf('hotfix')).toEqual([2_000, 2_000]);
  });
});

describe('tenants as regions', async () => {
  const document = await exampleDocument('tenants-as-regions');
  const plan = firstPlan(document);

  it('ships to each tenant in its region, and leaves out the one that is held back, with the reason', () => {
    expect(wavesIn(plan, 'production')).toEqual([['sydney/australia', 'sydney/new-zealand'], ['frankfurt/germany']]);
    expect(plan.phases.map(({ tenants }) => tenants)).toEqual(['together', 'sequence']);
    expect(plan.leftOut).toContainEqual({ environment: 'production', region: 'frankfurt', tenant: 'france', why: 'held back: the new invoice form is not approved yet' });
  });

  it('gives each tenant its own values, the most specific first', () => {
    const values = plan.phases.flatMap(placesOf).map((place) => {
      const variables = regionSettings(document, place).variables.map(({ name, source }) => [name, source]);
      return [place.environment, place.tenant, Object.fromEntries(variables)];
    });
    expect(values).toContainEqual(['production', 'new-zealand', { LANGUAGE: { value: 'en' }, CURRENCY: { value: 'NZD' }, ORDER_LIMIT: { value: '100' } }]);
    expect(values).toContainEqual(['staging', 'germany', { LANGUAGE: { value: 'de' }, CURRENCY: { value: 'EUR' }, ORDER_LIMIT: { value: '10' } }]);
  });

  it('asks a new tenant for what it lacks, with everything that a person needs to give it', () => {
    expect(missingIn(document)).toEqual([]);
    expect(missingIn(document, { tenant: 'austria', region: 'frankfurt', environment: 'production' })).toEqual([{
      variable: 'LANGUAGE', label: 'Language of the shop', help: 'Two letters; the texts are in the folder of that name', type: 'choice', options: ['en', 'de', 'fr'],
      secret: false, environment: 'production', region: 'frankfurt', tenant: 'austria',
    }]);
  });
});

describe('each region in its own night', async () => {
  const document = await exampleDocument('night-windows');
  const plan = firstPlan(document);
  /** When each region of production starts, when it is planned at this time. */
  const starts = (now: string): string[] => timetable({ document, plan, nowMs: Date.parse(now), freezes: [], deployMs: {} }).regions
    .filter(({ environment }) => environment === 'production').map(({ region, start }) => `${region} ${start}`);

  it('goes from the smallest region to the largest, behind two approvals and a night window', () => {
    expect(wavesIn(plan, 'production')).toEqual([['sydney'], ['frankfurt'], ['virginia']]);
    expect(plan.phases[1]!.gates.map(({ type }) => type)).toEqual(['approval', 'window']);
    expect(plan.phases[1]!.regionGates).toMatchObject([{ name: 'night', type: 'window' }]);
  });

  it('starts in office hours in Berlin, and then in the quiet hours of each region by its own clock', () => {
    // A Monday in November: 10:00 in Berlin. Sydney sleeps from 14:00, Frankfurt from Tuesday 22:30, Virginia from Wednesday 07:00 (UTC).
    const [sydney, frankfurt, virginia] = starts('2026-11-23T09:00:00Z');
    expect(sydney).toBe('sydney 2026-11-23T14:00:00.000Z');
    expect(frankfurt).toBe('frankfurt 2026-11-24T22:30:00.000Z');
    expect(virginia).toBe('virginia 2026-11-25T07:00:00.000Z');
  });

  it('keeps to the clock on the wall in summer', () => {
    const [sydney, frankfurt, virginia] = starts('2026-07-06T09:00:00Z');
    expect(sydney).toBe('sydney 2026-07-06T15:00:00.000Z');
    expect(frankfurt).toBe('frankfurt 2026-07-07T21:30:00.000Z');
    expect(virginia).toBe('virginia 2026-07-08T06:00:00.000Z');
  });
});
