import { regionsOfPhase, placesOfRegion } from '../document/phase-places.js';
import { placeOf, type Place } from '../places.js';
import type { Phase, PipelineDocument } from '../schema/pipeline.js';
import type { PlannedPhase, PlannedWave } from '../schema/plan.js';

/** As many as one look asks in its time beside the region itself; more would hardly make the comparison any sharper. */
const mostControls = 8;

/** A place of the environment as the choice of controls sees it. */
export interface Neighbour extends Place {
  /** A release runs there, and takes traffic. */
  isServing: boolean;
  /** It changes now, or may begin to while the soak lasts. */
  isChanging: boolean;
  /** When it was changed last (ms); null when nobody knows of a change. */
  changedAtMs: number | null;
}

/** When a soak begins, and how long it is meant to take (ms). */
export interface SoakTime {
  nowMs: number;
  soakMs: number;
}

/**
 * What a place is compared with while it soaks: places of the same environment and tenant that serve, do not change meanwhile, and have not
 * been changed for as long as the soak takes. The largest share of traffic first, as it has the most to say; in the order of `neighbours`
 * where shares are equal.
 */
export function controlsFor(place: Place, neighbours: Neighbour[], time: SoakTime, { regions }: Pick<PipelineDocument, 'regions'>): Place[] {
  const weightOf = ({ region }: Place): number => regions[region]?.weight ?? 0;
  return neighbours
    .filter((each) => isComparable(place, each) && isQuiet(each, time))
    .toSorted((a, b) => weightOf(b) - weightOf(a))
    .slice(0, mostControls)
    .map(placeOf);
}

const isComparable = (place: Place, { environment, region, tenant }: Place): boolean =>
  environment === place.environment && tenant === place.tenant && region !== place.region;

const isQuiet = ({ isServing, isChanging, changedAtMs }: Neighbour, { nowMs, soakMs }: SoakTime): boolean =>
  isServing && !isChanging && (changedAtMs === null || nowMs - changedAtMs >= soakMs);

/** Every place of a phase, in the order of the document: its waves have one of their own. */
export function placesInOrder(phase: Pick<Phase, 'environment' | 'waves'>, { regions, tenants }: Pick<PipelineDocument, 'regions' | 'tenants'>): Place[] {
  const own = new Set(regionsOfPhase(phase, regions));
  return Object.keys(regions).filter((region) => own.has(region)).flatMap((region) => placesOfRegion(phase.environment, region, tenants));
}

/**
 * The regions of a wave that may begin to change while another one of it soaks: one for each lane that is free, and those that follow in
 * the lanes beside it, a soak after the other, until the longest soak is over. `line` are the regions that have not begun, in their order,
 * without the one that soaks; `atWork` is the number of others that have.
 */
export function startingBeside({ concurrency }: Pick<PlannedWave, 'concurrency'>, { soakMs }: Pick<PlannedPhase, 'soakMs'>, line: string[], atWork: number): string[] {
  const lanes = concurrency - 1;
  const soaksInLane = Math.floor(soakMs.max / soakMs.min) + 1;
  return line.slice(0, Math.max(0, lanes - atWork) + lanes * soaksInLane);
}
