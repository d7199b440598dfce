import { placesOfRegion } from '../document/phase-places.js';
import { isSamePlace, placeKey, placeOf, type Place } from '../places.js';
import type { BoardCell } from '../schema/board.js';
import type { Phase, PipelineDocument } from '../schema/pipeline.js';
import type { Release } from '../schema/release.js';
import { wavesOf } from '../plan/waves.js';

/** A release that an undo can put back. One that was found there ran, so it may come back; but nobody has seen it soak. */
interface Good {
  version: string;
  hasSoaked: boolean;
}

/** A cell of the board with what an undo can put back there, newest last: versions only, the bundles are kept once for all cells. */
export interface Cell extends Omit<BoardCell, 'drained' | 'override'> {
  good: Good[];
}

/** What a region says happened to the release there. */
export interface Change extends Place {
  rollout: string | null;
  status: BoardCell['status'];
  release: Release | null;
  verified: boolean;
  revoked?: string;
  /** ISO 8601. */
  at: string;
}

/** As many versions as an undo could ever want to go back through. */
const goodKept = 5;

/** One cell for each place of each environment, in the order of its waves. What is known of places that the document has dropped stays. */
export function cellsFor(document: PipelineDocument, before: Cell[], now: string): Cell[] {
  const known = before.filter((cell) => cell.status !== 'unknown');
  const keys = new Set(known.map(placeKey));
  const places = document.lifecycle.flatMap((phase) => inWaveOrder(phase, document));
  return [...known, ...places.filter((place) => !keys.has(placeKey(place))).map((place) => unknownCell(place, now))];
}

const inWaveOrder = (phase: Phase, { regions, tenants }: PipelineDocument): Place[] =>
  wavesOf(phase, regions).flat().flatMap(({ region }) => placesOfRegion(phase.environment, region, tenants));

const unknownCell = (place: Place, since: string): Cell => ({
  ...placeOf(place), release: null, verified: false, lastKnownGood: null, status: 'unknown', since, rollout: null, good: [],
});

/** The board after a change. A release becomes last-known-good only by a whole soak; one that is taken away stops being it. */
export function changeBoard(cells: Cell[], change: Change): Cell[] {
  return cells.map((cell) => (isSamePlace(cell, change) ? changeCell(cell, change) : cell));
}

/** Whatever happens there, what was watched on until then is over. */
function changeCell({ provisional: _over, ...cell }: Cell, change: Change): Cell {
  const good = goodAfter(cell.good, change);
  const version = change.release?.version ?? null;
  return {
    ...cell,
    ...((change.status === 'changing' || version !== cell.release) && { changedAt: change.at }),
    good,
    release: version,
    verified: change.verified || (change.status === 'live' && good.some((each) => each.hasSoaked && each.version === version)),
    lastKnownGood: good.at(-1)?.version ?? null,
    status: change.status,
    since: change.at,
    rollout: change.rollout,
  };
}

function goodAfter(good: Good[], { release, verified, revoked }: Change): Good[] {
  const without = (version: string | undefined): Good[] => good.filter((each) => each.version !== version);
  if (!verified || release === null) return without(revoked);
  return [...without(release.version), { version: release.version, hasSoaked: true }].slice(-goodKept);
}

/** The region as it was found before Meridian changed anything there: what runs is what an undo puts back. */
export function adopt(cell: Cell, found: Release | null, at: string): Cell {
  if (cell.status !== 'unknown') return cell;
  const good = found ? [{ version: found.version, hasSoaked: false }] : [];
  const release = found?.version ?? null;
  return { ...cell, good, release, lastKnownGood: release, status: found ? 'live' : 'empty', since: at };
}

/** The board after a person has taken back a version's good name in the places of these keys: it is no undo target there any more. */
export const revokeOnBoard = (cells: Cell[], version: string, keys: string[]): Cell[] =>
  cells.map((cell) => (keys.includes(placeKey(cell)) ? revokeInCell(cell, version) : cell));

function revokeInCell(before: Cell, version: string): Cell {
  const cell = before.release === version ? watchedNoMore(before) : before;
  const good = cell.good.filter((each) => each.version !== version);
  return { ...cell, good, verified: cell.verified && cell.release !== version, lastKnownGood: good.at(-1)?.version ?? null };
}

/** The board after a rollout has succeeded: its places are watched on, until a time of their own (ISO 8601). */
export const watchOn = (cells: Cell[], rollout: string, watched: (Place & { until: string })[]): Cell[] =>
  cells.map((cell) => {
    const until = watched.find((place) => isSamePlace(place, cell))?.until;
    return until !== undefined && cell.rollout === rollout && cell.status === 'live' && cell.verified ? { ...cell, provisional: until } : cell;
  });

export const watchedNoMore = ({ provisional: _over, ...cell }: Cell): Cell => cell;

/**
 * The version that an undo of the version `not` puts back in a place; null when nothing good is known there. One that `isBlocked` comes back
 * only when there is no other: it has run here, and what is undone is worse. One that does not fit the schema never comes back: it cannot run.
 */
export function lastKnownGood(
  cells: Cell[], place: Place & { not: string },
  { isBlocked = () => false, fits = () => true }: { isBlocked?: (version: string) => boolean; fits?: (version: string) => boolean } = {},
): string | null {
  const cell = cells.find((each) => isSamePlace(each, place));
  const good = cell?.good.map(({ version }) => version).filter((version) => version !== place.not && fits(version)) ?? [];
  return good.findLast((version) => !isBlocked(version)) ?? good.at(-1) ?? null;
}
