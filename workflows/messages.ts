import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { ResolvedVariable } from '../src/rollout/document/variables.js';
import type { KnownCell } from '../src/rollout/evidence/neighbours.js';
import type { WatchEnd, Watched } from '../src/rollout/pipeline/provisional.js';
import type { Place } from '../src/rollout/places.js';
import type { Block, BlockRequest } from '../src/rollout/schema/block.js';
import type { BoardCell } from '../src/rollout/schema/board.js';
import type { Freeze, FreezeRequest } from '../src/rollout/schema/freeze.js';
import type { Metrics } from '../src/rollout/schema/check.js';
import type { Decision, DecisionKind } from '../src/rollout/schema/decision.js';
import type { PipelineDocument } from '../src/rollout/schema/pipeline.js';
import type { Plan } from '../src/rollout/schema/plan.js';
import type { Release, RevocationRecord } from '../src/rollout/schema/release.js';
import type { OverrideRecord, RegionState, Rollout, SoakProgress } from '../src/rollout/schema/rollout.js';
import type { ShipOptions } from '../src/rollout/schema/ship.js';

/**
 * Every message that a workflow takes, with its shape. Updates carry a `fingerprint` of the HTTP request and give it back, so that
 * an idempotency key that is used again for another request is noticed: Temporal answers the first result for a known update id.
 */
export interface Fingerprinted {
  fingerprint?: string;
}

// ── pipeline/<name> ────────────────────────────────────────────────────────────────────────────────────────────────

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
}
export interface Admitted extends Fingerprinted {
  /** `shop-12`; its workflow runs when this is answered. */
  rollout: string;
  number: number;
  /** Hash of the plan that it was admitted with. */
  plan: string;
}
export const startRolloutUpdate = defineUpdate<Admitted, [StartRequest]>('startRollout');

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

// ── calendar ───────────────────────────────────────────────────────────────────────────────────────────────────────

export interface FreezeMessage extends Fingerprinted {
  name: string;
  request: FreezeRequest;
  by: string;
}
/** A hold of `request.owner` (or `by`) on the freeze of this name; it replaces the same owner's hold, and leaves those of others alone. */
export const freezeUpdate = defineUpdate<{ freeze: Freeze; created: boolean } & Fingerprinted, [FreezeMessage]>('freeze');

export interface LiftMessage extends Fingerprinted {
  name: string;
  /** Whose hold is lifted; every one with `*`. */
  owner: string;
  by: string;
}
/** The freeze as it still stands; null when nobody holds it any more. */
export const liftUpdate = defineUpdate<{ freeze: Freeze | null } & Fingerprinted, [LiftMessage]>('lift');

export interface BlockMessage extends Fingerprinted {
  name: string;
  request: BlockRequest;
  by: string;
}
export const blockUpdate = defineUpdate<{ block: Block; created: boolean } & Fingerprinted, [BlockMessage]>('block');
export const unblockUpdate = defineUpdate<Fingerprinted, [{ name: string; by: string } & Fingerprinted]>('unblock');

export interface CalendarState {
  freezes: Freeze[];
  blocks: Block[];
}
export const calendarQuery = defineQuery<CalendarState>('calendar');

/** From a pipeline: it wants to be told. */
export const subscribeSignal = defineSignal<[{ pipeline: string }]>('subscribe');

// ── rollout/<pipeline>-<number> ────────────────────────────────────────────────────────────────────────────────────

export type RolloutView = Omit<Rollout, 'links'>;

/** What keeps a rollout, or single regions of it, from starting anything new. */
export interface Holds {
  /** Those whose scope may touch this pipeline, begun or not; each place is held against them at its time. */
  freezes: Freeze[];
  /** Region → why it is left out just now. */
  drained: Record<string, string>;
  /** The block that its release has met; null when there is none. */
  block: Block | null;
}
export const holdsSignal = defineSignal<[Holds]>('holds');

/**
 * The pipeline gives the rollout its environments, and says what has become of the world while it waited in line: the rollout makes its
 * plan anew from it. `verified` is `<environment>/<region>[/<tenant>]` → when.
 */
export interface Admission {
  rollout: string;
  verified: Record<string, string>;
  board: KnownCell[];
  holds: Holds;
}
export const admitSignal = defineSignal<[Admission]>('admit');

/**
 * From the pipeline: a newer rollout takes over. One in line ends at once, one that runs at the edge of a wave, one that is paused never. Null
 * when the newer one has left the line before: then nobody takes over.
 */
export const supersedeSignal = defineSignal<[{ by: string | null }]>('supersede');

/** From the pipeline: the time of a scheduled rollout has come, and it may not start. */
export const refuseSignal = defineSignal<[{ code: string; message: string }]>('refuse');

/** The pipeline tells a rollout in line whom it waits for now: who holds its environments, or who comes first where nobody does. */
export const lineSignal = defineSignal<[{ behind: string | null }]>('line');

export interface DecisionMessage extends Decision, Fingerprinted {}
export interface Decided extends Fingerprinted {
  rollout: RolloutView;
}
/** One Update for each decision, under its own name; refused with a reason when it makes no sense now. */
export const decisionUpdate = (kind: DecisionKind) => defineUpdate<Decided, [DecisionMessage]>(kind);
/** The same by Signal, for the Temporal UI and CLI, where the payload may be incomplete. */
export const decisionSignal = (kind: DecisionKind) => defineSignal<[Partial<Decision>?]>(kind);

export const rolloutQuery = defineQuery<RolloutView>('status');
export const timelineQuery = defineQuery<RolloutView['timeline']>('timeline');
export const planQuery = defineQuery<Plan>('plan');

/** From a region to its rollout: a change that people or other regions must know of at once. */
export interface RegionReport {
  state: RegionState;
  text: string;
  /** The gate at which it waits from now on. */
  waitingFor?: RolloutView['waitingFor'][number];
  /** Key of the gate that it has left behind: open, passed over, or given up. */
  leftGate?: string;
  /** Its soak begins, and asks what it is compared with. */
  asksComparison?: true;
}
export const regionReportSignal = defineSignal<[RegionReport]>('regionReport');

// ── rollout/<pipeline>-<number>/<environment>/<region>[/<tenant>] ────────────────────────────────────────────────────────

/** Everything that keeps this region from starting anything new, always as a whole: a message that was missed heals with the next. */
export interface RegionHolds {
  freezes: Freeze[];
  /** Why the region is drained; null when it takes part. */
  drained: string | null;
  isPaused: boolean;
  /** The rollout is held, stuck or going back, or its release is blocked: what soaks goes on, and nothing else begins. */
  isHeld: boolean;
  /** The newer rollout that takes over: what is half done gets to its end, a soak ends without credit, nothing else begins. */
  newer: string | null;
}
export const regionHoldsSignal = defineSignal<[RegionHolds]>('holds');

/** From the rollout to a region whose soak begins: what its judge is given besides what the region shows. Chosen anew for each soak. */
export interface Comparison {
  /** `startedAt` of the soak. */
  soak: string;
  /** Places that do not change meanwhile, how each is asked, and the version that serves there. */
  controls: (Place & { metrics: Metrics; variables: ResolvedVariable[]; release?: string | null })[];
  /** Evidence of the regions before, as log M by check. */
  carried: Record<string, number>;
  /** Bad requests that the release may still cost; null where there is no such budget. */
  budgetLeft: number | null;
}
export const comparisonSignal = defineSignal<[Comparison]>('comparison');

/** What the judge of a soak has found, as people are told of it. */
export type SoakFinding = Pick<SoakProgress, 'decision' | 'cause' | 'needs' | 'explanation' | 'checks'>;

/** The watch of a soak tells its region of a change. Told again after a crash, it has the same number, and the last telling counts. */
export interface SoakNews {
  /** `startedAt` of the soak that it is about. */
  soak: string;
  /** Counted from 1. */
  number: number;
  /** What has changed; absent when only samples are kept. */
  verdict?: SoakFinding;
  /** Lines of samples and decisions in the format of `meridian judge replay`, gzip, base64; kept in the history for reports. */
  samples?: string;
}
export const soakNewsSignal = defineSignal<[SoakNews]>('soakNews');

/** From the pipeline to the watch of a place: something else happens there, and there is nothing to watch any more. */
export const watchOverSignal = defineSignal<[{ why: string }]>('watchOver');

/** The rollout hands a decision on to the region that it concerns. */
export const regionDecisionSignal = defineSignal<[{ kind: DecisionKind; decision: Decision }]>('regionDecision');
export const regionQuery = defineQuery<RegionState>('status');
