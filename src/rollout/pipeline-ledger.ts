import { cellsFor, changeBoard, lastKnownGood, publicCell, type Cell, type Change } from './board.js';
import { canonical } from './canonical.js';
import { MeridianFailure } from './failure.js';
import { grant, lineUp, release as freeLocks, type Locks, type Waiting } from './locks.js';
import { markVerified, type KnownRelease } from './releases.js';
import type { BoardCell } from './schema/board.js';
import type { PipelineDocument } from './schema/pipeline.js';
import type { Release } from './schema/release.js';

/** Everything that a pipeline remembers. JSON; each function gives back the next ledger and leaves the one it was given alone. */
export interface PipelineLedger {
  name: string;
  /** Null until the first document has been applied. */
  document: PipelineDocument | null;
  revision: number;
  createdAt: string;
  updatedAt: string;
  updatedBy: string;
  cells: Cell[];
  releases: KnownRelease[];
  locks: Locks;
  queue: Waiting[];
  /** Number of the next rollout. */
  next: number;
}

export const emptyLedger = (name: string, now: string): PipelineLedger => ({
  name, document: null, revision: 0, createdAt: now, updatedAt: now, updatedBy: '', cells: [], releases: [], locks: {}, queue: [], next: 1,
});

/** A new revision; the same ledger when the document is already the current one. */
export function applyDocument(ledger: PipelineLedger, document: PipelineDocument, by: string, now: string): PipelineLedger {
  if (ledger.document !== null && canonical(ledger.document) === canonical(document)) return ledger;
  return {
    ...ledger, document, revision: ledger.revision + 1, updatedAt: now, updatedBy: by, cells: cellsFor(document, ledger.cells, now),
  };
}

export function documentOf(ledger: PipelineLedger): PipelineDocument {
  if (ledger.document === null) {
    throw new MeridianFailure('PipelineNotFound', `There is no pipeline ${ledger.name} yet: apply its document first (PUT /v1/pipelines/${ledger.name}).`);
  }
  return ledger.document;
}

/** `<environment>/<region>` of every place where a version is verified now. */
export const verifiedPlaces = ({ releases }: PipelineLedger, version: string): KnownRelease['verified'] =>
  releases.find(({ release }) => release.version === version)?.verified ?? {};

/** The workflow of a rollout in line runs: from now on it can be let in. */
export const markReady = (ledger: PipelineLedger, rollout: string): PipelineLedger => ({
  ...ledger, queue: ledger.queue.map((each) => (each.rollout === rollout ? { ...each, isReady: true } : each)),
});

/** Takes a rollout out: its environments are free, or its place in the line is. */
export const endRollout = (ledger: PipelineLedger, rollout: string): PipelineLedger => ({
  ...ledger, locks: freeLocks(ledger.locks, rollout), queue: ledger.queue.filter((each) => each.rollout !== rollout),
});

export interface Granted {
  ledger: PipelineLedger;
  /** Rollouts that may begin now, each with the places where its release is verified now: its plan may be older. */
  admitted: { rollout: string; verified: KnownRelease['verified'] }[];
  /** Those who wait for somebody else than they were told. */
  moved: Waiting[];
}

/** Gives free environments to those who wait for them, and lines the others up. */
export function grantNext(ledger: PipelineLedger): Granted {
  const { locks, queue, admitted } = grant(ledger.locks, ledger.queue);
  const line = lineUp(locks, queue);
  return {
    ledger: { ...ledger, locks, queue: line },
    admitted: admitted.map(({ rollout, release }) => ({ rollout, verified: verifiedPlaces(ledger, release) })),
    moved: line.filter((each, index) => each.isReady && each.behind !== queue[index]?.behind),
  };
}

/** Writes what a region says happened there onto the board and into the releases. */
export const noteChange = (ledger: PipelineLedger, change: Change): PipelineLedger => ({
  ...ledger, cells: changeBoard(ledger.cells, change), releases: markVerified(ledger.releases, change),
});

export const goodIn = (ledger: PipelineLedger, question: { environment: string; region: string; not: string }): Release | null =>
  lastKnownGood(ledger.cells, question);

export const boardOf = (ledger: PipelineLedger): BoardCell[] => ledger.cells.map(publicCell);
