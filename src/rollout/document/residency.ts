import { unknownName, type DocumentError } from './rules/rule.js';
import { MeridianFailure } from '../failure.js';
import { placeKey, type Place } from '../places.js';
import type { PipelineDocument } from '../schema/pipeline.js';

type Sections = Pick<PipelineDocument, 'regions' | 'tenants' | 'residency'>;

/** The regions that may hold data of a residency: those that a rule lists, or, without a rule, those of that residency themselves. */
function allowedRegions({ regions, residency }: Sections, residence: string): string[] {
  const allow = residency?.allow ?? {};
  if (Object.hasOwn(allow, residence)) return allow[residence]!;
  return Object.keys(regions).filter((name) => regions[name]!.residency === residence);
}

/**
 * What a document gets wrong about where data may be; empty when all is well. Rules that name unknown regions come alone: the rest may follow
 * from them. Unknown regions of tenants and pairs are not repeated here: other rules say so.
 */
export function residencyProblems(document: Sections): DocumentError[] {
  const unknown = unknownRegions(document);
  return unknown.length > 0 ? unknown : [...regionsOutside(document), ...tenantsOutside(document), ...failoversOutside(document)];
}

function unknownRegions({ regions, residency }: Sections): DocumentError[] {
  const known = Object.keys(regions);
  return Object.entries(residency?.allow ?? {}).flatMap(([residence, names]) =>
    names.flatMap((name, index) =>
      known.includes(name) ? [] : [{ pointer: `/residency/allow/${residence}/${index}`, message: unknownName('region', name, known) }]));
}

const regionsOutside = (document: Sections): DocumentError[] =>
  Object.entries(document.regions).flatMap(([name, { residency }]) =>
    problem(`/regions/${name}/residency`, `${name} itself is ${residency}`, whyOutside(document, name, residency)));

const tenantsOutside = (document: Sections): DocumentError[] =>
  Object.entries(document.tenants ?? {}).flatMap(([name, tenant]) =>
    tenant.regions.flatMap((region, index) =>
      Object.hasOwn(document.regions, region)
        ? problem(`/tenants/${name}/regions/${index}`, `${name} is ${tenant.residency}`, whyOutside(document, region, tenant.residency))
        : []));

/** A failover would move the data. Only rules that somebody has written count: without one, a pair abroad is what its owner chose. */
const failoversOutside = (document: Sections): DocumentError[] =>
  Object.entries(document.regions).flatMap(([name, { residency, pair }]) => {
    const isRuled = residency !== undefined && Object.hasOwn(document.residency?.allow ?? {}, residency);
    return isRuled && pair !== undefined && Object.hasOwn(document.regions, pair)
      ? problem(`/regions/${name}/pair`, `${name} is ${residency} and would fail over`, whyOutside(document, pair, residency))
      : [];
  });

const problem = (pointer: string, who: string, why: string | undefined): DocumentError[] => (why === undefined ? [] : [{ pointer, message: `${who}: ${why}` }]);

/** Why data of this residency may not be in this region; undefined when it may. */
function whyOutside(document: Sections, region: string, residence: string | undefined): string | undefined {
  if (residence === undefined) return undefined;
  const allowed = allowedRegions(document, residence);
  return allowed.includes(region) ? undefined : `data of ${residence} may not be in ${region}; it may be in ${allowed.join(', ') || 'no region'}`;
}

/** Throws `ResidencyViolated` when one of the places may not hold what would run there: the last word, whatever let the document in. */
export function assertResidency(document: Sections, places: Place[]): void {
  const violations = places.flatMap((place) => {
    const residences = [document.regions[place.region]?.residency, place.tenant === undefined ? undefined : document.tenants?.[place.tenant]?.residency];
    return residences.flatMap((residence) => whyOutside(document, place.region, residence) ?? []).map((why) => `${placeKey(place)}: ${why}`);
  });
  if (violations.length > 0) throw new MeridianFailure('ResidencyViolated', `${violations.join('; ')}. Change the document's residency rules or its places.`);
}
