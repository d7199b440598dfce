import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { WatchEnd, Watched } from '../../src/rollout/pipeline/provisional.js';
import type { Place } from '../../src/rollout/places.js';
import type { Block } from '../../src/rollout/schema/block.js';
import type { BoardCell } from '../../src/rollout/schema/board.js';
import type { Freeze } from '../../src/rollout/schema/freeze.js';
import type { KnownMigration, PlaceSchema, SchemaDebt } from '../../src/rollout/schema/migration.js';
import type { PipelineDocument } from '../../src/rollout/schema/pipeline.js';
import type { Release, RevocationRecord } from '../../src/rollout/schema/release.js';
import type { Failure, OverrideRecord } from '../../src/rollout/schema/rollout.js';
import type { Plan } from '../../src/rollout/schema/plan.js';
import type { ShipOptions } from '../../src/rollout/schema/ship.js';
import type { Fingerprinted } from './fingerprinted.js';

// What `pipeline/<name>` is told and asked.

export interface ApplyRequest extends Fingerprinted {
  document: PipelineDocument;
  by: string;
}
export interface Applied extends Fingerprinted {
  created: boolean;
  /** False when the document was already the current one: the revision stays. */
  changed: boolean;
  revision: number;
  warnings: string[];
}
export const applyUpdate = defineUpdate<Applied, [ApplyRequest]>('apply');

export interface StartRequest extends Fingerprinted {
  release: Release;
  options: ShipOptions;
  by: string;
  /** Roles of the starter, for the hot-fix lane and for overrides. `*` is every role. */
  roles: string[];
  /** Refused when the walk would not begin at `options.to`: what is promoted is verified in every phase before. */
  isPromotion?: boolean;
  /** Migrations that came with the release, classified at the edge. */
  migrations?: KnownMigration[];
}
export interface Admitted extends Fingerprinted {
  /** `shop-12`; its workflow runs when this is answered. */
  rollout: string;
  number: number;
  /** Hash of the plan that it was admitted with. */
  plan: string;
}
export const startRolloutUpdate = defineUpdate<Admitted, [StartRequest]>('startRollout');

/** Takes the old shape of migrations away, in a rollout of its own. */
export interface StartContract extends Fingerprinted {
  /** All that are due when absent. */
  migrations?: string[];
  options: ShipOptions;
  by: string;
  roles: string[];
}
export const startContractUpdate = defineUpdate<Admitted, [StartContract]>('startContract');

/** What that rollout would do, or what the update would be refused with: a query that throws loses its code on the way. */
export type ContractQuestion = Pick<StartContract, 'migrations' | 'options'>;
export type ContractAnswer = { plan: Plan } | { refusal: Failure };
export const contractPlanQuery = defineQuery<ContractAnswer, [ContractQuestion]>('contractPlan');

export interface PipelineState {
  name: string;
  document: PipelineDocument;
  revision: number;
  createdAt: string;
  updatedAt: string;
  updatedBy: string;
  board: BoardCell[];
  /** Known releases, newest last. */
  releases: ReleaseRecord[];
  /** Environment → the rollout that holds it. */
  locks: Record<string, string>;
  /** Rollouts that wait for their environments, first in line first. */
  queue: string[];
  /** Region → why rollouts leave it out just now. */
  drained: Record<string, string>;
  /** Places that are behind through no fault of theirs (new, or drained when the others changed), and get the last verified release. */
  owed: Place[];
  /** `<environment>/<region>[/<tenant>]` → how long the last deploys took there (ms), newest last. */
  deployMs: Record<string, number[]>;
  /** What the calendar says of this pipeline. */
  freezes: Freeze[];
  blocks: Block[];
  /** Every migration that its releases have brought, in the order in which they came. */
  migrations: MigrationState[];
  /** Migrations that are not at their end, and what keeps them from it. */
  debt: SchemaDebt[];
}
/** Without its SQL. */
export interface MigrationState extends Pick<KnownMigration, 'name' | 'checksums' | 'effects'> {
  /** The release that brought it. */
  release: string;
  oneWay: boolean;
  hasContract: boolean;
  backfills: boolean;
  syncs: boolean;
  /** `<environment>/<region>[/<tenant>]` → how far it is there. */
  places: PlaceSchema;
}
export interface ReleaseRecord {
  release: Release;
  firstSeenAt: string;
  /** `<environment>/<region>[/<tenant>]` → when the release passed its soak there. */
  verified: Record<string, string>;
  /** Phases and gates that were passed over with it. Never forgotten while the release is known. */
  overrides: OverrideRecord[];
  /** What people have taken back of it, and why; newest last. */
  revocations: RevocationRecord[];
}
export const pipelineQuery = defineQuery<PipelineState>('pipeline');

/** What a region workflow asks the board before it changes or undoes anything. */
export interface BaselineQuestion extends Place {
  /** The version that is shipped, or that an undo takes away: it is never its own cure. */
  not: string;
}
export interface Baseline {
  /** What an undo puts back, with its bundle; null when the board knows nothing good. A blocked release only when there is no other. */
  good: Release | null;
  /** What the board says runs there; `unknown` before anybody has looked. */
  onBoard: { release: string | null; status: BoardCell['status'] };
  /** The version in question is verified there now. */
  isVerified: boolean;
}
export const baselineQuery = defineQuery<Baseline, [BaselineQuestion]>('baseline');

/** From a region: what happened to the release there. */
export interface RegionChanged extends Place {
  rollout: string;
  status: BoardCell['status'];
  release: Release | null;
  /** `release` has just passed its whole soak, and is the region's last-known-good from now on. */
  verified: boolean;
  /** The version that was taken away, or failed a later look: no longer verified here. */
  revoked?: string;
  /** How long the deploy took (ms), once it is known. */
  deployMs?: number;
  at: string;
}
export const regionChangedSignal = defineSignal<[RegionChanged]>('regionChanged');

/** From a region: what the ledger in its database says now, of every migration there. */
export interface SchemaChanged extends Place {
  rollout: string;
  schema: PlaceSchema;
  at: string;
}
export const schemaChangedSignal = defineSignal<[SchemaChanged]>('schemaChanged');

/** From a scheduled rollout: its time has come, it wants its place in line. */
export const dueSignal = defineSignal<[{ rollout: string }]>('due');

/** From a rollout: it has ended, its environments are free. */
export interface RolloutEnded {
  rollout: string;
  status: string;
  /** Somebody wants the release in the next environment: shipped at once, in their name. */
  promote?: { release: string; to: string; by: string; roles: string[]; reason?: string };
  /** Places that were drained and left out: they are owed the release. */
  owed: Place[];
  /** Places that are watched on, each by a workflow of its own. */
  watched: Watched[];
}
export const rolloutEndedSignal = defineSignal<[RolloutEnded]>('rolloutEnded');

/** From the watch of a place: it is over. */
export const watchEndedSignal = defineSignal<[WatchEnd]>('watchEnded');

/** From a rollout: a gate was passed over with this release. */
export const overriddenSignal = defineSignal<[{ release: string; record: OverrideRecord }]>('overridden');

export interface DrainRequest extends Fingerprinted {
  region: string;
  /** Why rollouts leave the region out; null lets it take part again. */
  reason: string | null;
  by: string;
}
export interface Drained extends Fingerprinted {
  /** Region → why, after the change. */
  drained: Record<string, string>;
}
export const drainUpdate = defineUpdate<Drained, [DrainRequest]>('drain');

/** Takes back what a release has passed: in one place, one environment, or everywhere. */
export interface RevokeRequest extends Fingerprinted {
  release: string;
  environment?: string;
  region?: string;
  tenant?: string;
  reason: string;
  by: string;
}
export interface Revoked extends Fingerprinted {
  /** `<environment>/<region>[/<tenant>]` of the places where it was verified and is not any more. */
  places: string[];
}
export const revokeUpdate = defineUpdate<Revoked, [RevokeRequest]>('revoke');

/** From the calendar: every freeze and block that may concern this pipeline. The whole list, so that a lost one heals with the next. */
export const calendarSignal = defineSignal<[{ freezes: Freeze[]; blocks: Block[] }]>('calendar');
