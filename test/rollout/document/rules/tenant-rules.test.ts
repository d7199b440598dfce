import { describe, expect, it } from 'vitest';
import { limits } from '../../../../src/rollout/limits.js';
import { told } from './told.js';

const many = (count: number, what: (index: number) => unknown): Record<string, unknown> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`n${index}`, what(index)]));

describe('tenants', () => {
  it('live in regions of the pipeline, in any number of them', () => {
    expect(told({ tenants: { acme: { regions: ['sydney', 'frankfurt'] }, globex: { regions: ['frankfurt'], holdBack: 'audit' } } })).toEqual([]);
  });

  it('live nowhere else, even where their data would have to be', () => {
    expect(told({ tenants: { acme: { regions: ['sydney', 'frankfort'], residency: 'EU' } }, regions: { sydney: { weight: 1, residency: 'EU' }, frankfurt: { weight: 2 } } }))
      .toEqual(['/tenants/acme/regions/1: there is no region frankfort; regions: sydney, frankfurt. Did you mean frankfurt?']);
  });

  it('live in a region once', () => {
    expect(told({ tenants: { acme: { regions: ['sydney', 'sydney'] } } })).toEqual(['/tenants/acme/regions/1: the region sydney stands here a second time; name each once']);
  });

  it('are places of their own, and only so many fit into a phase', () => {
    const regions = many(50, () => ({ weight: 1 }));
    const document = { regions, lifecycle: [{ environment: 'staging', waves: 'all' }, { environment: 'small', waves: [['n0']] }] };
    const tenants = many(limits.placesInPhase / 50, () => ({ regions: Object.keys(regions) }));
    expect(told({ ...document, tenants })).toEqual([]);
    expect(told({ ...document, tenants: { ...tenants, late: { regions: ['n0'], holdBack: 'counts too' } } }))
      .toEqual(['/lifecycle/0: staging has 501 places: one for each tenant in each of its regions. A phase takes at most 500']);
  });
});
