import { describe, expect, it } from 'vitest';
import { shareIn, shareOf, withExposure } from '../../../src/rollout/plan/exposure.js';
import { shop } from '../sample-document.js';

const document = shop();
const regions = Object.keys(document.regions);
const wave = (number: number, ...names: string[]) => ({ number, regions: names.map((region) => ({ region, why: '', comparedWith: [] })), concurrency: 1 });

describe('exposure', () => {
  it('is the share of the traffic of the phase, 0 to 1', () => {
    expect(shareOf([{ region: 'sydney' }], ['sydney', 'frankfurt'], document)).toBe(0.142857);
    expect(shareOf(regions.map((region) => ({ region })), regions, document)).toBe(1);
  });

  it('is the share of the regions where none of them has a weight', () => {
    const weightless = shop({ regions: { a: { weight: 0 }, b: { weight: 0 }, c: { weight: 0 }, d: { weight: 0 } } });
    expect(shareOf([{ region: 'a' }], ['a', 'b', 'c', 'd'], weightless)).toBe(0.25);
  });

  it('of a tenant is an even part of its region, those that are held back counted too', () => {
    const shared = shop({ tenants: { acme: { regions: ['frankfurt', 'sydney'] }, globex: { regions: ['frankfurt'], holdBack: 'audit' } } });
    expect(shareOf([{ region: 'frankfurt', tenant: 'acme' }], regions, shared)).toBe(0.15);
    expect(shareOf([{ region: 'sydney', tenant: 'acme' }], regions, shared)).toBe(0.05);
  });

  it('grows from wave to wave, from what runs the release already', () => {
    expect(withExposure([wave(1, 'sydney'), wave(2, 'frankfurt')], 0.65, regions, document).map(({ exposure }) => exposure)).toEqual([0.7, 1]);
  });

  it('is written as a percentage in a document', () => {
    expect(shareIn('12.5%')).toBe(0.125);
  });
});
