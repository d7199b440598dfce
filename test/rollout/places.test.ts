import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSamePlace, placeKey, placeOf } from '../../src/rollout/places.js';

const names = fc.constantFrom('a', 'b', 'a-b');
const places = fc.record({ environment: names, region: names, tenant: names }, { requiredKeys: ['environment', 'region'] });

describe('a place', () => {
  it('is written in one way, with its tenant where it has one', () => {
    expect(placeKey({ environment: 'production', region: 'sydney' })).toBe('production/sydney');
    expect(placeKey({ environment: 'production', region: 'sydney', tenant: 'acme' })).toBe('production/sydney/acme');
    expect(placeKey({ environment: 'production', region: 'sydney', tenant: undefined })).toBe('production/sydney');
  });

  it('is the same as another exactly when environment, region and tenant are', () => {
    fc.assert(fc.property(places, places, (one, other) => {
      const isSame = one.environment === other.environment && one.region === other.region && one.tenant === other.tenant;
      expect(isSamePlace(one, other)).toBe(isSame);
      expect(placeKey(one) === placeKey(other)).toBe(isSame);
    }));
  });

  it('is left over when everything else is taken away', () => {
    const acme = { environment: 'production', region: 'sydney', tenant: 'acme' };
    const cell = { ...acme, release: '1.1.0' };
    expect(placeOf(cell)).toEqual(acme);
    expect(placeOf({ environment: 'production', region: 'sydney', tenant: undefined })).toStrictEqual({ environment: 'production', region: 'sydney' });
  });
});
