import { placesInOrder, startingBeside, type Neighbour } from '../plan/controls.js';
import { isSamePlace, placeKey, type Place } from '../places.js';
import type { BoardCell } from '../schema/board.js';
import type { PipelineDocument } from '../schema/pipeline.js';
import type { PlannedPhase } from '../schema/plan.js';
import type { RegionState } from '../schema/rollout.js';
import { isInFlight } from '../states/statuses.js';

/** What is known of a place that the rollout has not touched: as it was when the rollout was let in, since when nobody else may change it. */
export type KnownCell = Pick<BoardCell, 'environment' | 'region' | 'tenant' | 'release' | 'status' | 'changedAt'>;

/** A rollout at the moment in which a place begins. */
export interface Walking {
  document: Pick<PipelineDocument, 'lifecycle' | 'regions' | 'tenants'>;
  phases: PlannedPhase[];
  board: KnownCell[];
  /** Region → why it is left out just now. */
  drained: Record<string, string>;
  /** Every place of the rollout. */
  regions: RegionState[];
  /** Keys of the places whose workflow is at work. */
  atWork: string[];
  /** Keys of the places that somebody has left out. */
  leftOut: string[];
}

/** A place beside the one that begins, and the version that serves there. */
export interface SeenNeighbour extends Neighbour {
  release: string | null;
}

/** Every place of the environment beside this one, which begins in wave `wave`, as things are now. */
export function neighboursOf(place: Place, wave: number, walking: Walking): SeenNeighbour[] {
  const phase = walking.document.lifecycle.find(({ environment }) => environment === place.environment);
  if (phase === undefined) return [];
  const starting = new Set(startingWith(place, wave, walking));
  return placesInOrder(phase, walking.document)
    .filter(({ region }) => region !== place.region)
    .map((each) => seen(each, walking, starting.has(each.region) && isToShip(each, walking)));
}

function seen(place: Place, walking: Walking, isStarting: boolean): SeenNeighbour {
  const state = walking.regions.find((each) => isSamePlace(each, place));
  const { release, changedAt } = state !== undefined && state.attempts > 0 ? afterAttempt(state) : found(place, walking.board);
  return {
    ...place,
    release,
    isServing: release !== null && walking.drained[place.region] === undefined,
    isChanging: isStarting || isBusy(place, state, walking),
    changedAtMs: changedAt === undefined ? null : Date.parse(changedAt),
  };
}

const isBusy = (place: Place, state: RegionState | undefined, { atWork }: Walking): boolean =>
  atWork.includes(placeKey(place)) || (state !== undefined && isInFlight(state.status));

/** The release has come there, or has been taken away again. What failed is a person's: nobody knows what serves. */
function afterAttempt({ status, release, soak, finishedAt }: RegionState): { release: string | null; changedAt?: string | undefined } {
  if (status === 'failed') return { release: null };
  return { release, changedAt: status === 'live' ? soak?.startedAt : finishedAt };
}

function found(place: Place, board: KnownCell[]): { release: string | null; changedAt?: string | undefined } {
  const cell = board.find((each) => isSamePlace(each, place));
  return cell?.status === 'live' ? { release: cell.release, changedAt: cell.changedAt } : { release: null };
}

/** Regions of its own wave that may begin while this one soaks, or have begun: one tenant after the other may follow there. */
function startingWith({ environment, region }: Place, wave: number, walking: Walking): string[] {
  const phase = walking.phases.find((each) => each.environment === environment);
  const own = phase?.waves.find(({ number }) => number === wave);
  if (phase === undefined || own === undefined) return [];
  const others = [...new Set(own.regions.map((each) => each.region))].filter((each) => each !== region && walking.drained[each] === undefined);
  const placesIn = (name: string): Place[] => own.regions.filter((each) => each.region === name).map((each) => ({ environment, region: name, tenant: each.tenant }));
  const atWork = others.filter((each) => placesIn(each).some((place) => isBusy(place, stateOf(place, walking), walking)));
  const line = others.filter((each) => !atWork.includes(each) && placesIn(each).some((place) => isToShip(place, walking)));
  return [...atWork, ...startingBeside(own, phase, line, atWork.length)];
}

const stateOf = (place: Place, { regions }: Walking): RegionState | undefined => regions.find((each) => isSamePlace(each, place));

const isToShip = (place: Place, walking: Walking): boolean =>
  stateOf(place, walking)?.status !== 'live' && !walking.leftOut.includes(placeKey(place));
