import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planHash } from '../../../src/rollout/plan/plan-hash.js';
import { requeue } from '../../../src/rollout/plan/plan.js';
import { Plan } from '../../../src/rollout/schema/plan.js';
import { ask, covered, placeIn } from './ask-plan.js';
import { shop } from '../sample-document.js';

const document = shop({ lifecycle: [{ environment: 'staging' }, { environment: 'production', waves: [['sydney'], ['frankfurt', 'virginia']] }] });
const drain = (plan: Plan, ...keys: string[]): Plan => requeue(plan, 'production', keys.map(placeIn), document);
const wavesIn = (plan: Plan) =>
  plan.phases.find(({ environment }) => environment === 'production')!.waves.map(({ number, regions, concurrency, exposure }) => ({ number, regions: regions.map(({ region }) => region), concurrency, exposure }));

describe('a region that was drained when its turn came', () => {
  it('is changed after all others, and the waves keep their numbers', () => {
    expect(wavesIn(drain(ask({ document }), 'production/sydney'))).toEqual([
      { number: 2, regions: ['frankfurt', 'virginia'], concurrency: 2, exposure: 0.95 },
      { number: 3, regions: ['sydney'], concurrency: 1, exposure: 1 },
    ]);
  });

  it('leaves the others of its wave where they are', () => {
    expect(wavesIn(drain(ask({ document }), 'production/frankfurt'))).toEqual([
      { number: 1, regions: ['sydney'], concurrency: 1, exposure: 0.05 },
      { number: 2, regions: ['virginia'], concurrency: 1, exposure: 0.7 },
      { number: 3, regions: ['frankfurt'], concurrency: 1, exposure: 1 },
    ]);
  });

  it('says why it stands there', () => {
    expect(drain(ask({ document }), 'production/sydney').phases[1]?.waves.at(-1)?.regions).toEqual([
      { region: 'sydney', why: 'was drained when its turn came', comparedWith: [] },
    ]);
  });

  it('waits with others that were drained before it, one after the other', () => {
    expect(wavesIn(drain(drain(ask({ document }), 'production/sydney'), 'production/frankfurt')).at(-1)).toEqual(
      { number: 3, regions: ['sydney', 'frankfurt'], concurrency: 1, exposure: 1 },
    );
  });

  it('goes behind those when it is drained still and one of them is back', () => {
    const waiting = drain(drain(ask({ document }), 'production/sydney'), 'production/frankfurt');
    expect(wavesIn(drain(waiting, 'production/frankfurt')).map(({ number, regions }) => [number, regions])).toEqual([[2, ['virginia']], [3, ['sydney']], [4, ['frankfurt']]]);
  });

  it('makes another plan: what was approved was the order of before', () => {
    const plan = ask({ document });
    const changed = drain(plan, 'production/sydney');
    expect(changed.hash).not.toBe(plan.hash);
    expect(changed.hash).toBe(planHash(changed));
    expect(Plan.strict().parse(changed)).toEqual(changed);
    expect(drain(plan)).toEqual(plan);
  });

  it('is moved alone where it is one tenant of a region', () => {
    const shared = shop({ tenants: { acme: { regions: ['sydney'] }, globex: { regions: ['sydney'] } }, lifecycle: [{ environment: 'production' }] });
    const plan = requeue(ask({ document: shared }), 'production', [placeIn('production/sydney/acme')], shared);
    expect(covered(plan)).toEqual(['production/sydney/globex', 'production/frankfurt', 'production/virginia', 'production/sydney/acme']);
    expect(plan.phases[0]?.waves.map(({ exposure }) => exposure)).toEqual([0.025, 0.325, 0.975, 1]);
  });

  it('is neither lost nor doubled, however often regions are drained', () => {
    const places = covered(ask({ document })).filter((key) => key.startsWith('production'));
    fc.assert(fc.property(fc.array(fc.subarray(places), { maxLength: 8 }), (drains) => {
      const plan = drains.reduce((before, keys) => drain(before, ...keys), ask({ document }));
      expect(covered(plan).toSorted()).toEqual(covered(ask({ document })).toSorted());
      const waves = wavesIn(plan);
      expect(waves.every(({ regions, concurrency }) => regions.length > 0 && concurrency >= 1 && concurrency <= regions.length)).toBe(true);
      expect(waves.at(-1)?.exposure).toBe(1);
      expect(new Set(waves.map(({ number }) => number)).size).toBe(waves.length);
    }));
  });

  it('is not moved for ever: passing over what is drained comes to an end', () => {
    const drainable = ['sydney', 'frankfurt', 'virginia'];
    fc.assert(fc.property(fc.subarray(drainable, { minLength: 1 }), (drained) => {
      let plan = ask({ document });
      let moves = 0;
      for (let wave = wavesIn(plan)[0]!; ; wave = wavesIn(plan)[0]!, moves++) {
        const here = wave.regions.filter((region) => drained.includes(region));
        const isLast = wavesIn(plan).length === 1;
        if (here.length === 0 || (isLast && here.length === wave.regions.length)) break;
        plan = drain(plan, ...here.map((region) => `production/${region}`));
        expect(moves).toBeLessThan(10);
      }
      expect(covered(plan)).toHaveLength(covered(ask({ document })).length);
    }));
  });
});
