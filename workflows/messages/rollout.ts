import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { KnownCell } from '../../src/rollout/evidence/neighbours.js';
import type { Block } from '../../src/rollout/schema/block.js';
import type { Freeze } from '../../src/rollout/schema/freeze.js';
import type { Decision, DecisionKind } from '../../src/rollout/schema/decision.js';
import type { Plan } from '../../src/rollout/schema/plan.js';
import type { MigrationSummary } from '../../src/rollout/migrations/records.js';
import type { SchemaToDo } from '../../src/rollout/pipeline/schema-admission.js';
import type { Failure, RegionState, Rollout } from '../../src/rollout/schema/rollout.js';
import type { Fingerprinted } from './fingerprinted.js';

// What `rollout/<pipeline>-<number>` is told and asked.

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
  /** Every migration that the pipeline knows, and how far each is in which place. */
  migrations: MigrationSummary[];
  /** By the key of each place: what the rollout works with there. */
  schema: Pick<SchemaToDo, 'places' | 'releases'>;
  /** Why it may not begin, although its turn has come. */
  refusal: Failure | null;
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
