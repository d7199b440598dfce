import { limits } from '../limits.js';
import { placesOfPhase } from '../phase-places.js';
import { residencyProblems } from '../residency.js';
import type { PipelineDocument } from '../schema/pipeline.js';
import { repeated, rule, unknownName, type DocumentError } from './rule.js';

/** Tenants live in regions of the pipeline, and in each of them once. */
export const tenantsLiveInRegions = rule(['regions', 'tenants'], (document) => [
  ...strangeHomes(document),
  ...Object.entries(document.tenants ?? {}).flatMap(([name, { regions }]) => repeated(regions, (index) => homePointer(name, index), 'region')),
]);

const homePointer = (tenant: string, index: number): string => `/tenants/${tenant}/regions/${index}`;

function strangeHomes({ regions, tenants = {} }: Pick<PipelineDocument, 'regions' | 'tenants'>): DocumentError[] {
  const known = Object.keys(regions);
  return Object.entries(tenants).flatMap(([name, tenant]) => tenant.regions.flatMap((region, index) =>
    Object.hasOwn(regions, region) ? [] : [{ pointer: homePointer(name, index), message: unknownName('region', region, known) }]));
}

/** Data stays where it may be. A region that is not there is told by the rule above, and belongs nowhere. */
export const residencyIsKept = rule(['regions', 'tenants', 'residency'], (document) => {
  const strange = new Set(strangeHomes(document).map(({ pointer }) => pointer));
  return residencyProblems(document).filter(({ pointer }) => !strange.has(pointer));
});

/** Each tenant of each region is a workflow of its own, so their number is bounded as well. */
export const placesAreBounded = rule(['regions', 'tenants', 'lifecycle'], (document) =>
  document.lifecycle.flatMap((phase, index) => {
    const count = placesOfPhase(phase, document).length;
    const message = `${phase.environment} has ${count} places: one for each tenant in each of its regions. A phase takes at most ${limits.placesInPhase}`;
    return count > limits.placesInPhase ? [{ pointer: `/lifecycle/${index}`, message }] : [];
  }));
