import { describe, expect, it } from 'vitest';
import { missingIn, type MissingFilter } from '../../../src/rollout/document/missing.js';
import { placeKey } from '../../../src/rollout/places.js';
import { shop } from '../sample-document.js';

const document = shop({
  regions: { sydney: { weight: 5 }, frankfurt: { weight: 30 }, virginia: { weight: 65 } },
  tenants: { acme: { regions: ['sydney', 'frankfurt'] }, globex: { regions: ['frankfurt'], holdBack: 'until their audit is over' } },
  variables: [
    { name: 'CURRENCY', required: true, values: [{ value: 'AUD', region: 'sydney' }, { value: 'EUR', region: 'frankfurt' }, { value: 'USD', region: 'virginia' }] },
    { name: 'PLAN', type: 'choice', options: ['bronze', 'gold'], required: true, values: [{ value: 'gold', tenant: 'acme' }, { value: 'bronze', region: 'virginia' }] },
    { name: 'BANNER' },
  ],
  lifecycle: [{ environment: 'staging', waves: [['frankfurt']] }, { environment: 'production' }],
});

const missing = (filter?: MissingFilter): string[] => missingIn(document, filter).map((each) => `${each.variable} in ${placeKey(each)}`);

describe('what a document lacks', () => {
  it('is what its places have no value for, those of tenants that are held back too', () => {
    expect(missing()).toEqual(['PLAN in staging/frankfurt/globex', 'PLAN in production/frankfurt/globex']);
  });

  it('is looked for where somebody asks', () => {
    expect(missing({ environment: 'staging' })).toEqual(['PLAN in staging/frankfurt/globex']);
    expect(missing({ region: 'virginia' })).toEqual([]);
    expect(missing({ region: 'sydney' })).toEqual([]);
    expect(missing({ tenant: 'globex', environment: 'production' })).toEqual(['PLAN in production/frankfurt/globex']);
  });

  it('is, for a region that is yet to come, what it needs in each environment', () => {
    expect(missing({ region: 'oslo' })).toEqual([
      'CURRENCY in staging/oslo', 'CURRENCY in production/oslo', 'PLAN in staging/oslo', 'PLAN in production/oslo',
    ]);
    expect(missing({ region: 'oslo', environment: 'staging' })).toEqual(['CURRENCY in staging/oslo', 'PLAN in staging/oslo']);
  });

  it('is, for a tenant that is yet to come, what it needs in each region, or in the one that is named', () => {
    expect(missing({ tenant: 'initech' })).toEqual([
      'PLAN in staging/frankfurt/initech', 'PLAN in production/sydney/initech', 'PLAN in production/frankfurt/initech',
    ]);
    expect(missing({ tenant: 'initech', region: 'frankfurt', environment: 'production' })).toEqual(['PLAN in production/frankfurt/initech']);
    expect(missing({ tenant: 'constructor', environment: 'staging' })).toEqual(['PLAN in staging/frankfurt/constructor']);
  });

  it('is, for a tenant that moves into another region, what it needs there', () => {
    expect(missing({ tenant: 'acme' })).toEqual([]);
    expect(missing({ tenant: 'acme', region: 'oslo', environment: 'production' })).toEqual(['CURRENCY in production/oslo/acme']);
    expect(missing({ tenant: 'globex', region: 'sydney' })).toEqual(['PLAN in production/sydney/globex']);
  });

  it('is nowhere to be found in an environment that does not exist', () => {
    expect(() => missingIn(document, { environment: 'prod' })).toThrow('The lifecycle has no environment prod. It has: staging, production.');
  });
});
