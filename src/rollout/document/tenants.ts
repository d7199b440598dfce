import { placesOfRegion } from './phase-places.js';
import type { Place } from '../places.js';
import type { PipelineDocument } from '../schema/pipeline.js';
import type { LeftOut } from '../schema/plan.js';

type Tenants = Pick<PipelineDocument, 'tenants'>;

/** Where a rollout ships to in one region: each tenant that lives there and is not held back, or the region itself where none lives. */
export const placesIn = (document: Tenants, environment: string, region: string): Place[] =>
  placesOfRegion(environment, region, document.tenants).filter(({ tenant }) => whyHeldBack(document, tenant) === undefined);

/** The tenants of a region that keep their release for now, each with the reason. */
export const heldBack = (document: Tenants, environment: string, region: string): LeftOut[] =>
  placesOfRegion(environment, region, document.tenants).flatMap((place) => {
    const why = whyHeldBack(document, place.tenant);
    return why === undefined ? [] : [{ ...place, why: `held back: ${why}` }];
  });

const whyHeldBack = ({ tenants = {} }: Tenants, tenant: string | undefined): string | undefined =>
  tenant === undefined ? undefined : tenants[tenant]?.holdBack;
