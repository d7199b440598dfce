import { limits } from '../../limits.js';
import { placesOfPhase } from '../phase-places.js';
import { fewOf, repeated, rule, unknownName } from './rule.js';

/** Tenants live in regions of the pipeline, and in each of them once. */
export const tenantsLiveInRegions = rule(['regions', 'tenants'], ({ regions, tenants = {} }) => {
  const known = Object.keys(regions);
  return Object.entries(tenants).flatMap(([name, tenant]) => {
    const pointerOf = (index: number): string => `/tenants/${name}/regions/${index}`;
    const strange = tenant.regions.map((region, index) => ({ region, index })).filter(({ region }) => !Object.hasOwn(regions, region));
    return [
      ...fewOf(strange).map(({ region, index }) => ({ pointer: pointerOf(index), message: unknownName('region', region, known) })),
      ...repeated(tenant.regions, pointerOf, 'region'),
    ];
  });
});

/** Each tenant of each region is a workflow of its own, so their number is bounded as well. */
export const placesAreBounded = rule(['regions', 'tenants', 'lifecycle'], (document) =>
  document.lifecycle.flatMap((phase, index) => {
    const count = placesOfPhase(phase, document).length;
    const message = `${phase.environment} has ${count} places: one for each tenant in each of its regions. A phase takes at most ${limits.placesInPhase}`;
    return count > limits.placesInPhase ? [{ pointer: `/lifecycle/${index}`, message }] : [];
  }));
