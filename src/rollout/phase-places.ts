import type { Place } from './places.js';
import type { Phase, PipelineDocument } from './schema/pipeline.js';

/** The regions of a phase: those that its lists name, or every region of the document where its waves are computed. */
export const regionsOfPhase = ({ waves }: Pick<Phase, 'waves'>, regions: PipelineDocument['regions']): string[] =>
  Array.isArray(waves) ? waves.flat() : Object.keys(regions);

/** Tenants that live in a region, in the order of the document; those that are held back too. */
export const tenantsOf = (region: string, tenants: PipelineDocument['tenants'] = {}): string[] =>
  Object.entries(tenants).filter(([, tenant]) => tenant.regions.includes(region)).map(([name]) => name);

/** The tenants of a region, or the region itself where none lives. */
export function placesOfRegion(environment: string, region: string, tenants: PipelineDocument['tenants']): Place[] {
  const names = tenantsOf(region, tenants);
  return names.length === 0 ? [{ environment, region }] : names.map((tenant) => ({ environment, region, tenant }));
}

/** Every place of a phase, those of tenants that are held back too: what it could ever ship to. */
export const placesOfPhase = (phase: Phase, { regions, tenants }: Pick<PipelineDocument, 'regions' | 'tenants'>): Place[] =>
  regionsOfPhase(phase, regions).flatMap((region) => placesOfRegion(phase.environment, region, tenants));
