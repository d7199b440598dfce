import type { Place } from '../places.js';
import type { Phase, PipelineDocument } from '../schema/pipeline.js';

type Tenants = PipelineDocument['tenants'];

/** The regions of a phase: those that its lists name, or every region of the document where its waves are computed. */
export const regionsOfPhase = ({ waves }: Pick<Phase, 'waves'>, regions: PipelineDocument['regions']): string[] =>
  Array.isArray(waves) ? waves.flat() : Object.keys(regions);

/** Tenants that live in a region, in the order of the document; those that are held back too. */
export const tenantsOf = (region: string, tenants: Tenants = {}): string[] =>
  Object.entries(tenants).filter(([, tenant]) => tenant.regions.includes(region)).map(([name]) => name);

/** The tenants of a region, or the region itself where none lives. */
export const placesOfRegion = (environment: string, region: string, tenants: Tenants): Place[] =>
  placesFor(environment, region, tenantsOf(region, tenants));

/** Every place of a phase, those of tenants that are held back too: what it could ever ship to. */
export function placesOfPhase(phase: Phase, { regions, tenants }: Pick<PipelineDocument, 'regions' | 'tenants'>): Place[] {
  const living = tenantsByRegion(tenants);
  return regionsOfPhase(phase, regions).flatMap((region) => placesFor(phase.environment, region, living.get(region) ?? []));
}

const placesFor = (environment: string, region: string, tenants: string[]): Place[] =>
  tenants.length === 0 ? [{ environment, region }] : tenants.map((tenant) => ({ environment, region, tenant }));

/** All at once: a look through every tenant for each of two hundred regions would take too long. */
function tenantsByRegion(tenants: Tenants = {}): Map<string, string[]> {
  const living = new Map<string, string[]>();
  for (const [name, { regions }] of Object.entries(tenants)) {
    for (const region of regions) {
      if (!living.has(region)) living.set(region, []);
      living.get(region)!.push(name);
    }
  }
  return living;
}
