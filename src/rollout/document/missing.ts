import { MeridianFailure } from '../failure.js';
import { placesOfRegion, regionsOfPhase } from './phase-places.js';
import type { Place } from '../places.js';
import type { MissingVariable } from '../schema/missing.js';
import type { Phase, PipelineDocument } from '../schema/pipeline.js';
import { missingVariables } from './variables.js';

/** Where to look; everywhere when empty. */
export interface MissingFilter {
  environment?: string | undefined;
  region?: string | undefined;
  tenant?: string | undefined;
}

/**
 * Every required value that the document lacks where `filter` looks. A region or a tenant that the document does not have yet is asked
 * for as if it were there: a new region in every environment, a new tenant in every region or in the one that is named.
 * Throws `InvalidRequest` for an environment that the lifecycle does not have.
 */
export function missingIn(document: PipelineDocument, filter: MissingFilter = {}): MissingVariable[] {
  return missingVariables(document, phasesOf(document, filter.environment).flatMap((phase) => placesLookedAt(document, phase, filter)));
}

function phasesOf({ lifecycle }: PipelineDocument, environment: string | undefined): Phase[] {
  const phases = lifecycle.filter((phase) => environment === undefined || phase.environment === environment);
  if (phases.length > 0) return phases;
  const known = lifecycle.map((phase) => phase.environment).join(', ');
  throw new MeridianFailure('InvalidRequest', `The lifecycle has no environment ${environment}. It has: ${known}.`);
}

function placesLookedAt(document: PipelineDocument, phase: Phase, { region, tenant }: MissingFilter): Place[] {
  const { environment } = phase;
  const regions = regionsLookedAt(document, phase, region);
  if (tenant === undefined) return regions.flatMap((each) => placesOfRegion(environment, each, document.tenants));
  const home = new Map(Object.entries(document.tenants ?? {})).get(tenant)?.regions;
  const isHome = (each: string): boolean => home === undefined || region !== undefined || home.includes(each);
  return regions.filter(isHome).map((each) => ({ environment, region: each, tenant }));
}

/** A region that a list of waves leaves out gets nothing there; one that is yet to come may be put into any list. */
function regionsLookedAt({ regions }: PipelineDocument, phase: Phase, region: string | undefined): string[] {
  const shipped = regionsOfPhase(phase, regions);
  if (region === undefined) return shipped;
  return shipped.includes(region) || !Object.hasOwn(regions, region) ? [region] : [];
}
