import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { BoardCell } from '../src/rollout/schema/board.js';
import type { Decision, DecisionKind } from '../src/rollout/schema/decision.js';
import type { PipelineDocument } from '../src/rollout/schema/pipeline.js';
import type { Plan } from '../src/rollout/schema/plan.js';
import type { Release } from '../src/rollout/schema/release.js';
import type { RegionState, Rollout } from '../src/rollout/schema/rollout.js';

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
  /** The last environment to ship to; the whole lifecycle when absent. */
  to?: string;
  by: string;
}
export interface Admitted extends Fingerprinted {
  /** `shop-12`; its workflow runs when this is answered. */
  rollout: string;
  number: number;
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
}
export interface ReleaseRecord {
  release: Release;
  firstSeenAt: string;
  /** `<environment>/<region>` → when the release passed its soak there. */
  verified: Record<string, string>;
}
export const pipelineQuery = defineQuery<PipelineState>('pipeline');

/** What an undo of `not` puts back in a region, with its bundle; null when the board knows none. */
export interface LastKnownGoodQuestion {
  environment: string;
  region: string;
  /** The version that is taken away: it is never its own cure. */
  not: string;
}
export const lastKnownGoodQuery = defineQuery<Release | null, [LastKnownGoodQuestion]>('lastKnownGood');

/** From a region: what happened to the release there. */
export interface RegionChanged {
  environment: string;
  region: string;
  rollout: string;
  status: BoardCell['status'];
  release: Release | null;
  /** `release` has just passed its whole soak, and is the region's last-known-good from now on. */
  verified: boolean;
  /** The version that was taken away: no longer verified here. */
  revoked?: string;
  at: string;
}
export const regionChangedSignal = defineSignal<[RegionChanged]>('regionChanged');

/** From a rollout: it has ended, its environments are free. */
export const rolloutEndedSignal = defineSignal<[{ rollout: string; status: string }]>('rolloutEnded');

// ── rollout/<pipeline>-<number> ────────────────────────────────────────────────────────────────────────────────────

export type RolloutView = Omit<Rollout, 'links'>;

/** The pipeline gives the rollout its environments, and says where its release is verified now: `<environment>/<region>` → when. */
export const admitSignal = defineSignal<[{ rollout: string; verified?: Record<string, string> }]>('admit');

/** The pipeline tells a rollout in line whom it waits for now. */
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
  waitingFor?: RolloutView['waitingFor'][number];
}
export const regionReportSignal = defineSignal<[RegionReport]>('regionReport');

// ── rollout/<pipeline>-<number>/<environment>/<region> ─────────────────────────────────────────────────────────────

/** The rollout hands a decision on to the region that it concerns. */
export const regionDecisionSignal = defineSignal<[{ kind: DecisionKind; decision: Decision }]>('regionDecision');
export const regionQuery = defineQuery<RegionState>('status');
