import { rounded, shareOf, withExposure } from './exposure.js';
import { regionsOfPhase } from '../document/phase-places.js';
import { isSamePlace, type Place } from '../places.js';
import { planHash } from './plan-hash.js';
import type { PipelineDocument } from '../schema/pipeline.js';
import type { Plan, PlannedPhase, PlannedRegion, PlannedWave } from '../schema/plan.js';

const why = 'was drained when its turn came';

/**
 * The plan with these places of an environment taken out of their waves and put into a last one, which changes one region after the other:
 * nobody has looked whether they may change together. Waves keep their numbers, and those that are left empty are gone. A last wave that
 * waits for drained regions already takes more of them; what comes out of it goes behind it. So nothing is ever moved in a circle.
 */
export function requeue(plan: Plan, environment: string, places: Place[], document: PipelineDocument): Plan {
  const phases = plan.phases.map((phase) => (phase.environment === environment ? requeueIn(phase, places, document) : phase));
  return { ...plan, phases, hash: planHash({ ...plan, phases }) };
}

function requeueIn(phase: PlannedPhase, places: Place[], document: PipelineDocument): PlannedPhase {
  const isMoved = ({ region, tenant }: Pick<PlannedRegion, 'region' | 'tenant'>): boolean =>
    places.some((place) => isSamePlace(place, { environment: phase.environment, region, tenant }));
  const moved = phase.waves.flatMap(({ regions }) => regions).filter(isMoved).map((region) => ({ ...region, why }));
  const last = phase.waves.at(-1);
  if (moved.length === 0 || last === undefined) return phase;
  const staying = phase.waves.map((wave) => without(wave, isMoved)).filter(({ regions }) => regions.length > 0);
  const takesMore = !last.regions.some(isMoved) && last.regions.every((region) => region.why === why);
  const waves = takesMore
    ? staying.map((wave) => (wave.number === last.number ? { ...wave, regions: [...wave.regions, ...moved] } : wave))
    : [...staying, { number: last.number + 1, regions: moved, concurrency: 1 }];
  return { ...phase, waves: exposedAnew(phase, waves, document) };
}

function without(wave: PlannedWave, isMoved: (region: Pick<PlannedRegion, 'region' | 'tenant'>) => boolean): PlannedWave {
  const regions = wave.regions.filter((region) => !isMoved(region)).map((region) => apartFrom(region, isMoved));
  return { ...wave, regions, concurrency: Math.min(wave.concurrency, new Set(regions.map(({ region }) => region)).size) };
}

/** Nobody is compared with what is drained. */
const apartFrom = (place: PlannedRegion, isMoved: (region: Pick<PlannedRegion, 'region' | 'tenant'>) => boolean): PlannedRegion =>
  ({ ...place, comparedWith: place.comparedWith.filter((region) => !isMoved({ region, tenant: place.tenant })) });

/** The same traffic in another order; what ran the release before the first wave still does. */
function exposedAnew({ environment, waves: before }: PlannedPhase, waves: Omit<PlannedWave, 'exposure'>[], document: PipelineDocument): PlannedWave[] {
  const regions = document.lifecycle.filter((phase) => phase.environment === environment).flatMap((phase) => regionsOfPhase(phase, document.regions));
  const first = before[0]!;
  return withExposure(waves, rounded(first.exposure - shareOf(first.regions, regions, document)), regions, document);
}
