import { watchedNoMore, watchOn, type Cell } from './board.js';
import { MeridianFailure } from '../failure.js';
import { revokeRelease } from './pipeline-changes.js';
import type { PipelineLedger } from './pipeline-ledger.js';
import { isSamePlace, placeKey, placeOf, type Place } from '../places.js';

/** A place that is watched on after its rollout has succeeded. */
export interface Watched extends Place {
  /** ISO 8601. */
  until: string;
}

/** The watch of a place is over: its time is, or the release has got worse there. */
export interface WatchEnd extends Place {
  rollout: string;
  /** The version. */
  release: string;
  /** What was seen; null when nothing bad was. */
  regression: string | null;
  /** ISO 8601. */
  at: string;
}

/** A watch that has nothing to watch any more. */
export interface WatchOver {
  place: Place;
  rollout: string;
  why: string;
}

/** The ledger after a rollout has succeeded whose places are watched on. What is verified stays so until the watch says otherwise. */
export function noteWatched(ledger: PipelineLedger, rollout: string, watched: Watched[]): PipelineLedger {
  if (watched.length === 0) return ledger;
  const { drained, watchesEnded } = ledger;
  const left = watched.filter((place) => !Object.hasOwn(drained, place.region) && !watchesEnded.includes(watchOf(rollout, place)));
  return { ...ledger, cells: watchOn(ledger.cells, rollout, left), watchesEnded: watchesEnded.filter((watch) => !watched.some((place) => watch === watchOf(rollout, place))) };
}

const watchOf = (rollout: string, place: Place): string => `${rollout} ${placeKey(place)}`;

/** Those of them that there is nothing to watch of: something has happened there before the rollout had ended. */
export const unwatched = ({ cells }: PipelineLedger, rollout: string, watched: Watched[]): WatchOver[] =>
  watched
    .filter((place) => cells.find((cell) => isSamePlace(cell, place))?.provisional === undefined)
    .map((place) => ({ place, rollout, why: 'something has happened there before the rollout had ended' }));

/** The ledger after a watch has ended. A regression takes back what the release has passed there, on record, whatever runs there by now. */
export function noteWatchEnd(ledger: PipelineLedger, { rollout, release, regression, at, ...place }: WatchEnd): PipelineLedger {
  const cells = ledger.cells.map((cell) => (isSamePlace(cell, place) && cell.rollout === rollout ? watchedNoMore(cell) : cell));
  // A watch that breaks at its first look may say so before its rollout has said that there is one.
  const isEarly = ledger.running.some((each) => each.rollout === rollout);
  const after = { ...ledger, cells, ...(isEarly && { watchesEnded: [...ledger.watchesEnded, watchOf(rollout, place)] }) };
  return regression === null ? after : revoked(after, { ...place, release, reason: regression }, at);
}

function revoked(ledger: PipelineLedger, { environment, region, tenant, release, reason }: Place & { release: string; reason: string }, at: string): PipelineLedger {
  try {
    return revokeRelease(ledger, { release, environment, region, tenant, by: 'meridian', reason }, at).ledger;
  } catch (error) {
    // Forgotten meanwhile, it is verified nowhere.
    if (error instanceof MeridianFailure) return ledger;
    throw error;
  }
}

/** The watches that a change of the ledger leaves with nothing to watch. */
export function watchesOver(before: PipelineLedger, after: PipelineLedger): WatchOver[] {
  if (before.cells === after.cells) return [];
  const now = new Map(after.cells.map((cell) => [placeKey(cell), cell]));
  return before.cells.flatMap((cell) => {
    const { provisional, rollout } = cell;
    const since = now.get(placeKey(cell));
    if (provisional === undefined || rollout === null || since?.provisional !== undefined) return [];
    return [{ place: placeOf(cell), rollout, why: whyOver(cell, since, after.drained) }];
  });
}

function whyOver({ region, release }: Cell, since: Cell | undefined, drained: Record<string, string>): string {
  if (drained[region] !== undefined) return `${region} is drained (${drained[region]})`;
  if (since?.release !== release || since?.status === 'changing') return `${since?.rollout ?? 'somebody'} changes it`;
  return `${release} was taken back there`;
}
