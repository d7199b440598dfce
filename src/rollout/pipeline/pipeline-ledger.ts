import { cellsFor, type Cell } from './board.js';
import type { Bundles } from './bundles.js';
import { canonical } from '../canonical.js';
import type { DeployTimes } from './deploy-times.js';
import { MeridianFailure } from '../failure.js';
import { joined, owe, stillOwed, withoutRefusals } from './joiners.js';
import type { MigrationRecord } from '../migrations/records.js';
import type { Running, Waiting } from './locks.js';
import type { Place } from '../places.js';
import type { KnownRelease } from './releases.js';
import type { Block } from '../schema/block.js';
import type { Freeze } from '../schema/freeze.js';
import type { PipelineDocument } from '../schema/pipeline.js';

/** Somebody wants a release that has been verified in the next environment too. */
export interface Promotion {
  release: string;
  to: string;
  by: string;
  roles: string[];
  reason?: string;
  /** The rollout that was promoted. */
  from: string;
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
  /** In the order in which they came. */
  migrations: MigrationRecord[];
  /** Name of a migration → when its contract was started last without anybody asking (ISO 8601). */
  contractsTried?: Record<string, string>;
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
  /** By key: the release that was shipped to a place by itself, or taken back there; null where one was refused under this revision. */
  tried: Record<string, string | null>;
  deployMs: DeployTimes;
  /** What the calendar says of this pipeline. */
  freezes: Freeze[];
  blocks: Block[];
  /** Promotions whose rollout is still to be started. */
  promotions: Promotion[];
  /** Watches that were over before their rollout had ended, by rollout and place. */
  watchesEnded: string[];
}

export const emptyLedger = (name: string, now: string): PipelineLedger => ({
  name, document: null, revision: 0, createdAt: now, updatedAt: now, updatedBy: '', cells: [], bundles: {}, releases: [], migrations: [],
  running: [], queue: [], scheduled: [], next: 1,
  drained: {}, owed: [], tried: {}, deployMs: {}, freezes: [], blocks: [], promotions: [], watchesEnded: [],
});

/** A new revision; the same ledger when the document is already the current one. Places that it adds to an environment are owed something. */
export function applyDocument(ledger: PipelineLedger, document: PipelineDocument, by: string, now: string): PipelineLedger {
  if (ledger.document !== null && canonical(ledger.document) === canonical(document)) return ledger;
  const owed = ledger.document === null ? [] : owe(ledger.owed, joined(ledger.document, document));
  return {
    ...ledger, document, revision: ledger.revision + 1, updatedAt: now, updatedBy: by,
    cells: cellsFor(document, ledger.cells, now),
    owed: stillOwed(owed, document),
    tried: withoutRefusals(ledger.tried),
    drained: Object.fromEntries(Object.entries(ledger.drained).filter(([region]) => Object.hasOwn(document.regions, region))),
  };
}

export function documentOf(ledger: PipelineLedger): PipelineDocument {
  if (ledger.document === null) {
    throw new MeridianFailure('PipelineNotFound',
      `There is no pipeline ${ledger.name} yet: apply its document first (PUT /v1/pipelines/${ledger.name}).`);
  }
  return ledger.document;
}

/** `<environment>/<region>[/<tenant>]` of every place where a version is verified now. */
export const verifiedPlaces = ({ releases }: PipelineLedger, version: string): KnownRelease['verified'] =>
  releases.find(({ release }) => release.version === version)?.verified ?? {};
