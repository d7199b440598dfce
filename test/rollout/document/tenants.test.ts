import { describe, expect, it } from 'vitest';
import { heldBack, placesIn } from '../../../src/rollout/document/tenants.js';
import { shop } from '../sample-document.js';

const document = shop({
  tenants: {
    zulu: { regions: ['sydney', 'frankfurt'] }, acme: { regions: ['sydney'] }, globex: { regions: ['sydney', 'virginia'], holdBack: 'audit until May' },
  },
});

describe('the places of a region', () => {
  it('are the tenants that live there, in the order of the document', () => {
    expect(placesIn(document, 'production', 'sydney')).toEqual([
      { environment: 'production', region: 'sydney', tenant: 'zulu' }, { environment: 'production', region: 'sydney', tenant: 'acme' },
    ]);
  });

  it('are none where every tenant is held back: the region is no place of its own while somebody lives there', () => {
    expect(placesIn(document, 'production', 'virginia')).toEqual([]);
  });

  it('are the region itself where no tenant lives', () => {
    expect(placesIn(shop(), 'production', 'sydney')).toEqual([{ environment: 'production', region: 'sydney' }]);
  });
});

describe('tenants that are held back', () => {
  it('are named with the reason', () => {
    expect(heldBack(document, 'production', 'sydney')).toEqual([{ environment: 'production', region: 'sydney', tenant: 'globex', why: 'held back: audit until May' }]);
    expect(heldBack(document, 'production', 'frankfurt')).toEqual([]);
    expect(heldBack(shop(), 'production', 'sydney')).toEqual([]);
  });
});
