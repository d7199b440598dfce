import { blockOf } from './blocks.js';
import { adopt, cellsFor, changeBoard, lastKnownGood, revokeOnBoard, type Cell, type Change } from './board.js';
import { keepBundle, neededBundles, type Bundles } from './bundles.js';
import { canonical } from './canonical.js';
import { noteDeploy, type DeployTimes } from './deploy-times.js';
import { MeridianFailure } from './failure.js';
import { joined, stillOwed } from './joiners.js';
import { enqueue, grant, lineUp, type Running, type Waiting } from './locks.js';
import { placeKey, placeOf, type Place } from './places.js';
import { markVerified, overrideText, revokeVerified, type KnownRelease, type Revocation } from './releases.js';
import type { Block } from './schema/block.js';
import type { BoardCell } from './schema/board.js';
import type { Freeze } from './schema/freeze.js';
import type { PipelineDocument } from './schema/pipeline.js';
import type { Release } from './schema/release.js';
import { supersededInLine, supersededRunning, type Takeover } from './supersede.js';

/** Somebody wants a release that has been verified in the next environment too. */
export interface Promotion {
  release: string;
  to: string;
  by: string;
  roles: string[];
  reason?: string;
}

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
  /** What the cells name as good. */
  bundles: Bundles;
  releases: KnownRelease[];
  /** Rollouts that hold their environments. */
  running: Running[];
  /** Rollouts that wait for their environments, first in line first. */
  queue: Waiting[];
  /** Rollouts whose time has not come: they hold nothing, and have no place in line. */
  scheduled: Waiting[];
  /** Number of the next rollout. */
  next: number;
  /** Region → why rollouts leave it out just now. */
  drained: Record<string, string>;
  /** Places that are behind through no fault of theirs. */
  owed: Place[];
  /** What the pipeline has shipped to owed places by itself since the last revision, by key; null where that was refused. */
  tried: Record<string, string | null>;
  deployMs: DeployTimes;
  /** What the calendar says of this pipeline. */
  freezes: Freeze[];
  blocks: Block[];
  /** Promotions whose rollout is still to be started. */
  promotions: Promotion[];
}

export const emptyLedger = (name: string, now: string): PipelineLedger => ({
  name, document: null, revision: 0, createdAt: now, updatedAt: now, updatedBy: '', cells: [], bundles: {}, releases: [],
  running: [], queue: [], scheduled: [], next: 1,
  drained: {}, owed: [], tried: {}, deployMs: {}, freezes: [], blocks: [], promotions: [],
});

/** A new revision; the same ledger when the document is already the current one. Places that it adds to an environment are owed a release. */
export function applyDocument(ledger: PipelineLedger, document: PipelineDocument, by: string, now: string): PipelineLedger {
  if (ledger.document !== null && canonical(ledger.document) === canonical(document)) return ledger;
  const owed = ledger.document === null ? [] : owe(ledger.owed, joined(ledger.document, document));
  return {
    ...ledger, document, revision: ledger.revision + 1, updatedAt: now, updatedBy: by,
    cells: cellsFor(document, ledger.cells, now),
    owed: stillOwed(owed, document),
    tried: {},
    drained: Object.fromEntries(Object.entries(ledger.drained).filter(([region]) => Object.hasOwn(document.regions, region))),
  };
}

export function documentOf(ledger: PipelineLedger): PipelineDocument {
  if (ledger.document === null) {
    throw new MeridianFailure('PipelineNotFound', `There is no pipeline ${ledger.name} yet: apply its document first (PUT /v1/pipelines/${ledger.name}).`);
  }
  return ledger.document;
}

/** `<environment>/<region>[/<tenant>]` of every place where a version is verified now. */
export const verifiedPlaces = ({ releases }: PipelineLedger, version: string): KnownRelease['verified'] =>
  releases.find(({ release }) => release.version === version)?.verified ?? {};

// ── the line ───────────────────────────────────────────────────────────────────────────────────────────────────────

const makeReady = (line: Waiting[], rollout: string): Waiting[] => line.map((each) => (each.rollout === rollout ? { ...each, isReady: true } : each));

/** The workflow of a rollout runs: from now on it can be let in, when it is in line. */
export const markReady = (ledger: PipelineLedger, rollout: string): PipelineLedger => ({
  ...ledger, queue: makeReady(ledger.queue, rollout), scheduled: makeReady(ledger.scheduled, rollout),
});

/** The time of a scheduled rollout has come: it gets its place in line. Said twice, or after its end, it changes nothing. */
export function queueDue(ledger: PipelineLedger, rollout: string): PipelineLedger {
  const due = ledger.scheduled.find((each) => each.rollout === rollout);
  if (due === undefined) return ledger;
  return { ...ledger, scheduled: ledger.scheduled.filter((each) => each !== due), queue: enqueue(ledger.queue, { ...due, isReady: true }) };
}

/** Takes a rollout out: its environments are free, or its place in the line is. */
export function endRollout(ledger: PipelineLedger, rollout: string): PipelineLedger {
  const others = <T extends { rollout: string }>(list: T[]): T[] => list.filter((each) => each.rollout !== rollout);
  return { ...ledger, running: others(ledger.running), queue: others(ledger.queue), scheduled: others(ledger.scheduled) };
}

export interface Granted {
  ledger: PipelineLedger;
  /** Rollouts that may begin now. */
  admitted: Waiting[];
  /** Those who wait for somebody else than they were told. */
  moved: Waiting[];
  /** Those who make way for a newer one: in line at once, and at the edge of a wave where they run. */
  superseded: Takeover[];
}

/** Lets newer rollouts take over, gives free environments to those who wait for them, and lines the others up. */
export function grantNext(ledger: PipelineLedger): Granted {
  const overlap = ledger.document?.policy.overlap ?? 'queue';
  const gone = supersededInLine(ledger.queue, overlap);
  const waiting = ledger.queue.filter(({ rollout }) => !gone.some((each) => each.rollout === rollout));
  const { running, queue, admitted } = grant(ledger.running, waiting);
  const making = supersededRunning(running, queue, overlap);
  const line = lineUp(running, queue);
  return {
    ledger: { ...ledger, running: running.map((each) => ({ ...each, newer: making.find(({ rollout }) => rollout === each.rollout)?.by ?? each.newer })), queue: line },
    admitted,
    moved: line.filter((each, index) => each.isReady && each.behind !== queue[index]?.behind),
    superseded: [...gone, ...making],
  };
}

// ── what regions and people report ─────────────────────────────────────────────────────────────────────────────────

/** Writes what a region says happened there onto the board and into the releases. A place that is verified is owed nothing. */
export const noteChange = (ledger: PipelineLedger, change: Change & { deployMs?: number }): PipelineLedger => ({
  ...ledger,
  ...boardAfter(changeBoard(ledger.cells, change), ledger.bundles, change.verified ? change.release : null, 'shipped'),
  releases: markVerified(ledger.releases, change),
  deployMs: noteDeploy(ledger.deployMs, change),
  owed: change.verified ? ledger.owed.filter((place) => placeKey(place) !== placeKey(change)) : ledger.owed,
});

/** Writes what was found in a place that nobody has changed yet onto the board. */
export function noteFound(ledger: PipelineLedger, place: Place, found: Release | null, at: string): PipelineLedger {
  const cells = ledger.cells.map((cell) => (placeKey(cell) === placeKey(place) ? adopt(cell, found, at) : cell));
  return { ...ledger, ...boardAfter(cells, ledger.bundles, found, 'found') };
}

const boardAfter = (cells: Cell[], bundles: Bundles, good: Release | null, origin: 'shipped' | 'found') =>
  ({ cells, bundles: good === null ? bundles : neededBundles(keepBundle(bundles, good, origin), cells) });

/** Places that a rollout had to leave out are owed its release. */
export const noteOwed = (ledger: PipelineLedger, places: Place[]): PipelineLedger =>
  places.length === 0 ? ledger : { ...ledger, owed: stillOwed(owe(ledger.owed, places), documentOf(ledger)) };

const owe = (owed: Place[], more: Place[]): Place[] => {
  const known = new Set(owed.map(placeKey));
  return [...owed, ...more.filter((place) => !known.has(placeKey(place))).map(placeOf)];
};

/** The region is left out by rollouts, with the reason; null lets it take part again. Throws `InvalidRequest` for an unknown region. */
export function drainRegion(ledger: PipelineLedger, { region, reason }: { region: string; reason: string | null }): PipelineLedger {
  const { regions } = documentOf(ledger);
  if (reason !== null && !Object.hasOwn(regions, region)) {
    throw new MeridianFailure('InvalidRequest', `${ledger.name} has no region ${region}. It has: ${Object.keys(regions).join(', ')}.`);
  }
  const { [region]: _before, ...others } = ledger.drained;
  return { ...ledger, drained: reason === null ? others : { ...others, [region]: reason } };
}

/** Takes back what a release has passed. Throws `ReleaseUnknown`. */
export function revokeRelease(ledger: PipelineLedger, revocation: Revocation): { ledger: PipelineLedger; places: string[] } {
  const { releases, places } = revokeVerified(ledger.releases, revocation);
  return { ledger: { ...ledger, releases, cells: revokeOnBoard(ledger.cells, revocation.release, places) }, places };
}

// ── what others ask ────────────────────────────────────────────────────────────────────────────────────────────────

/** What a region asks before it changes or undoes anything: what an undo puts back, and what should run there. */
export function baselineIn({ name, cells, bundles, blocks }: PipelineLedger, question: Place & { not: string }) {
  const cell = cells.find((each) => placeKey(each) === placeKey(question));
  const bundleOf = (version: string): Release => bundles[version] ?? { version };
  const good = lastKnownGood(cells, question, (version) => blockOf(blocks, name, bundleOf(version)) !== null);
  return {
    good: good === null ? null : bundleOf(good),
    onBoard: { release: cell?.release ?? null, status: cell?.status ?? ('unknown' as const) },
  };
}

/** What keeps a rollout of this release, or single regions of it, from starting anything new. */
export const holdsFor = ({ name, releases, freezes, drained, blocks }: PipelineLedger, version: string) => ({
  freezes,
  drained,
  block: blockOf(blocks, name, releases.find(({ release }) => release.version === version)?.release ?? { version }),
});

/** The board as the API shows it: without the bundles, with why a region is left out and who passed over what. */
export const boardOf = ({ cells, drained, releases }: PipelineLedger): BoardCell[] =>
  cells.map(({ good: _good, ...cell }) => ({
    ...cell, drained: drained[cell.region] ?? null, override: overrideText(releases, cell.release),
  }));

