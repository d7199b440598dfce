import type { BoardCell } from './schema/board.js';
import type { PipelineDocument } from './schema/pipeline.js';
import type { Release } from './schema/release.js';
import { wavesOf } from './waves.js';

/** A release that an undo can put back. One that was found there ran, so it may come back; but nobody has seen it soak. */
interface Good {
  release: Release;
  hasSoaked: boolean;
}

/** A cell of the board with what an undo can put back there, newest last. */
export interface Cell extends BoardCell {
  good: Good[];
}

/** What a region says happened to the release there. */
export interface Change {
  environment: string;
  region: string;
  rollout: string | null;
  status: BoardCell['status'];
  release: Release | null;
  verified: boolean;
  revoked?: string;
  /** ISO 8601. */
  at: string;
}

/** As many bundles as an undo could ever want to go back through. */
const goodKept = 5;

/** One cell for each region of each environment. What is known of regions that the document has dropped stays. */
export function cellsFor(document: PipelineDocument, before: Cell[], now: string): Cell[] {
  const known = before.filter((cell) => cell.status !== 'unknown');
  const named = document.lifecycle.flatMap((phase) =>
    wavesOf(phase, document.regions).flat().map(({ region }) => unknownCell(phase.environment, region, now)));
  return [...known, ...named.filter((cell) => !known.some((other) => samePlace(cell, other)))];
}

const unknownCell = (environment: string, region: string, since: string): Cell => ({
  environment, region, release: null, verified: false, lastKnownGood: null, status: 'unknown', since, rollout: null, good: [],
});

const samePlace = (a: Pick<Cell, 'environment' | 'region'>, b: Pick<Cell, 'environment' | 'region'>): boolean =>
  a.environment === b.environment && a.region === b.region;

/** The board after a change. A release becomes last-known-good only by a whole soak; one that is taken away stops being it. */
export function changeBoard(cells: Cell[], change: Change): Cell[] {
  return cells.map((cell) => (samePlace(cell, change) ? changeCell(cell, change) : cell));
}

function changeCell(cell: Cell, change: Change): Cell {
  const good = goodAfter(cell.good, change);
  const version = change.release?.version ?? null;
  return {
    ...cell,
    good,
    release: version,
    verified: change.verified || (change.status === 'live' && good.some(({ release, hasSoaked }) => hasSoaked && release.version === version)),
    lastKnownGood: good.at(-1)?.release.version ?? null,
    status: change.status,
    since: change.at,
    rollout: change.rollout,
  };
}

function goodAfter(good: Good[], { release, verified, revoked }: Change): Good[] {
  const without = (version: string | undefined): Good[] => good.filter((each) => each.release.version !== version);
  if (!verified || release === null) return without(revoked);
  return [...without(release.version), { release, hasSoaked: true }].slice(-goodKept);
}

/** The region as it was found before Meridian changed anything there: what runs is what an undo puts back. */
export function adopt(cell: Cell, found: Release | null, at: string): Cell {
  if (cell.status !== 'unknown') return cell;
  const good = found ? [{ release: found, hasSoaked: false }] : [];
  return { ...cell, good, release: found?.version ?? null, lastKnownGood: found?.version ?? null, status: found ? 'live' : 'empty', since: at };
}

/** What an undo of the version `not` puts back in a place; null when nothing good is known there. */
export function lastKnownGood(cells: Cell[], place: { environment: string; region: string; not: string }): Release | null {
  const cell = cells.find((each) => samePlace(each, place));
  return cell?.good.findLast(({ release }) => release.version !== place.not)?.release ?? null;
}

/** The cell as the API shows it: without the bundles. */
export function publicCell({ good: _good, ...cell }: Cell): BoardCell {
  return cell;
}
