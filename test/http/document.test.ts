import { describe, expect, it } from 'vitest';
import { checkDocument } from '../../src/http/document.js';

const document = (changes: Record<string, unknown> = {}) => ({
  apiVersion: 'meridian/v1', kind: 'Pipeline', name: 'shop', owner: { team: 'payments', contact: '#payments' },
  regions: { north: { weight: 1 }, south: { weight: 2 } },
  target: { type: 'webhook', url: 'http://127.0.0.1/hook' }, lifecycle: [{ environment: 'staging', waves: [['north']] }, { environment: 'production' }],
  ...changes,
});

const pointers = (changes: Record<string, unknown>): string[] => {
  const checked = checkDocument(document(changes));
  return checked.ok ? [] : checked.errors.map(({ pointer }) => pointer).toSorted();
};

describe('a document with several things wrong', () => {
  it('hears of what regions get wrong between them though one of them has a wrong time zone and a key that nobody knows', () => {
    expect(pointers({ regions: { north: { weight: 1, timezone: 'Mars/Olympus', pair: 'nort' }, south: { weight: 2, wieght: 3 } } }))
      .toEqual(['/regions/north/pair', '/regions/north/timezone', '/regions/south/wieght']);
  });

  it('hears of waves that name no region though another section, and another phase, is wrong in its shape', () => {
    const lifecycle = [{ environment: 'staging', waves: [['nirth']] }, { environment: 'production', promotion: 'perhaps' }];
    expect(pointers({ regions: { north: { weight: -1 }, south: { weight: 2 } }, lifecycle })).toEqual(['/lifecycle/0/waves/0/0', '/lifecycle/1/promotion', '/regions/north/weight']);
  });

  it('hears of a variable for a region that is not there though a tenant has a wrong logo', () => {
    const tenants = { acme: { regions: ['north'], logo: 'not an address' } };
    expect(pointers({ tenants, variables: [{ name: 'CURRENCY', values: [{ value: 'EUR', region: 'nroth' }] }] }))
      .toEqual(['/tenants/acme/logo', '/variables/0/values/0/region']);
  });

  it('hears of nothing that only follows from something else', () => {
    expect(pointers({ regions: { 123: { weight: 1 }, south: { weight: 2 } } })).toEqual(['/regions/123']);
    expect(pointers({ metrics: { type: 'scrape', url: 7 }, checks: [{ name: 'up', kind: 'value', query: 'up', min: 1 }] })).toEqual(['/metrics/url']);
    expect(pointers({ lifecycle: [{ environment: 'Staging!', waves: [['north']] }], variables: [{ name: 'A', values: [{ value: '1', environment: 'production' }] }] }))
      .toEqual(['/lifecycle/0/environment']);
  });
});
