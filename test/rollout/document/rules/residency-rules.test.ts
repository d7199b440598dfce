import { describe, expect, it } from 'vitest';
import { told, toldAt } from './told.js';

const regions = { sydney: { weight: 1, residency: 'AU' }, frankfurt: { weight: 2, residency: 'EU' } };

describe('residency', () => {
  it('keeps the data of tenants where it may be', () => {
    const tenants = { acme: { regions: ['frankfurt', 'sydney'], residency: 'EU' } };
    expect(told({ regions, tenants })).toEqual(['/tenants/acme/regions/1: acme is EU: data of EU may not be in sydney; it may be in frankfurt']);
    expect(toldAt({ regions, tenants, residency: { allow: { EU: ['frankfurt', 'sydney'] } } })).toEqual([]);
  });

  it('keeps the data of regions where it may be', () => {
    expect(toldAt({ regions, residency: { allow: { AU: ['frankfurt'] } } })).toEqual(['/regions/sydney/residency']);
  });

  it('names regions that are there', () => {
    expect(told({ regions, residency: { allow: { AU: ['sydney', 'sidney'] } } }))
      .toEqual(['/residency/allow/AU/1: there is no region sidney; regions: sydney, frankfurt. Did you mean sydney?']);
  });

  it('has no rule for nobody: what it was meant for would be ruled by none', () => {
    expect(told({ regions, residency: { allow: { UE: ['frankfurt'] } } }))
      .toEqual(['/residency/allow/UE: no region and no tenant has the residency UE; known: AU, EU.']);
  });
});
