import type { Place } from '../../rollout/places.js';
import type { Block } from '../../rollout/schema/block.js';
import type { DecisionKind } from '../../rollout/schema/decision.js';
import type { Freeze } from '../../rollout/schema/freeze.js';
import type { Plan } from '../../rollout/schema/plan.js';
import type { Schedule, ScheduleRequest } from '../../rollout/schema/schedule.js';
import type { PipelineMemo, RolloutMemo } from '../../../workflows/memo.js';
import type {
  Admitted, Applied, ApplyRequest, ContractQuestion, Drained, DrainRequest, PipelineState, Revoked, RevokeRequest, StartContract, StartRequest,
} from '../../../workflows/messages/pipeline.js';
import type { BlockMessage, CalendarState, FreezeMessage, LiftMessage } from '../../../workflows/messages/calendar.js';
import type { Decided, DecisionMessage, RolloutView } from '../../../workflows/messages/rollout.js';
import type { Fingerprinted } from '../../../workflows/messages/fingerprinted.js';

export type { PipelineMemo, RolloutMemo } from '../../../workflows/memo.js';
export type { Admitted, Applied, PipelineState } from '../../../workflows/messages/pipeline.js';
export type { CalendarState } from '../../../workflows/messages/calendar.js';
export type { Decided, RolloutView } from '../../../workflows/messages/rollout.js';

export interface Paging {
  limit: number;
  cursor?: string | undefined;
}

export interface Page<T> {
  items: T[];
  /** The cursor of the page after; absent on the last one. */
  next?: string;
}

export interface RolloutFilter {
  pipeline?: string | undefined;
  status?: string | undefined;
  release?: string | undefined;
  region?: string | undefined;
}

/** Whether a part of the stack is there, and in words what was found. */
export interface Presence {
  ok: boolean;
  detail: string;
}

export interface PipelineCalls {
  applyPipeline(name: string, request: ApplyRequest, updateId: string): Promise<Applied>;
  /** Throws `PipelineNotFound`. Needs a worker. */
  pipeline(name: string): Promise<PipelineState>;
  /** What Temporal itself keeps of a pipeline, without a worker. Throws `PipelineNotFound`. */
  pipelineMemo(name: string): Promise<PipelineMemo>;
  /** Without a worker; a moment behind. */
  pipelines(paging: Paging): Promise<Page<PipelineMemo>>;
  /** Throws what the admission refuses, before anything has changed. */
  startRollout(pipeline: string, request: StartRequest, updateId: string): Promise<Admitted>;
  /** Throws `ContractTooEarly` with every reason, `NothingToDo` where nothing is due, before anything has changed. */
  startContract(pipeline: string, request: StartContract, updateId: string): Promise<Admitted>;
  /** What that would do. Throws like it. */
  contractPlan(pipeline: string, question: ContractQuestion): Promise<Plan>;
  /** Throws `InvalidRequest` for a region that the pipeline does not have. */
  drain(pipeline: string, request: DrainRequest, updateId: string): Promise<Drained>;
  /** Throws `ReleaseUnknown`. */
  revoke(pipeline: string, request: RevokeRequest, updateId: string): Promise<Revoked>;
}

export interface RolloutCalls {
  /** Throws `DecisionRefused` with the state when it makes no sense now. */
  decide(rollout: string, kind: DecisionKind, message: DecisionMessage, updateId: string): Promise<Decided>;
  /** With the state of each region at work, asked of the region itself. Throws `RolloutNotFound`. Needs a worker while it runs. */
  rollout(id: string): Promise<RolloutView>;
  /** Throws `RolloutNotFound`. Needs a worker. */
  plan(id: string): Promise<Plan>;
  /** What Temporal itself keeps of a rollout, without a worker. Throws `RolloutNotFound`. */
  rolloutMemo(id: string): Promise<RolloutMemo['rollout']>;
  /** Without a worker; a moment behind. Those that run first, then those that ended last. */
  rollouts(filter: RolloutFilter, paging: Paging): Promise<Page<RolloutMemo['rollout']>>;
}

/** All of it without a worker: Temporal keeps what a soak has seen. */
export interface SoakCalls {
  /**
   * Samples and verdicts of a soak as JSON lines: of the last one, or of the last one of an attempt. Throws `RolloutNotFound`, and
   * `SoakNotFound`, which says what there is.
   */
  soakSamples(rollout: string, place: Place, attempt?: number): Promise<string>;
}

export interface CalendarCalls {
  /** Every freeze and block, without a worker. */
  calendar(): Promise<CalendarState>;
  freeze(message: FreezeMessage, updateId: string): Promise<{ freeze: Freeze; created: boolean } & Fingerprinted>;
  /** Throws `FreezeNotFound`, also for somebody who does not hold it. */
  lift(message: LiftMessage, updateId: string): Promise<{ freeze: Freeze | null } & Fingerprinted>;
  block(message: BlockMessage, updateId: string): Promise<{ block: Block; created: boolean } & Fingerprinted>;
  /** Throws `BlockNotFound`. */
  unblock(message: { name: string; by: string } & Fingerprinted, updateId: string): Promise<Fingerprinted>;
}

/** All of it without a worker: Temporal keeps schedules itself. */
export interface ScheduleCalls {
  /** Makes the schedule, or puts it in place of the one of this name. Throws `InvalidRequest` for a `cron` that is none. */
  setSchedule(name: string, request: ScheduleRequest, by: string): Promise<{ schedule: Schedule; created: boolean }>;
  /** Throws `ScheduleNotFound`. */
  schedule(name: string): Promise<Schedule>;
  schedules(paging: Paging): Promise<Page<Schedule>>;
  /** Throws `ScheduleNotFound`. */
  removeSchedule(name: string): Promise<void>;
}

export interface ReadinessCalls {
  /** Never throws. */
  readiness(): Promise<{ temporal: Presence; worker: Presence }>;
}

/**
 * Everything that HTTP asks of the workflows. A refusal by a rule is a `MeridianFailure` with its code; what nobody could answer is
 * an `OutOfReach` that says why. `updateId` makes a write that is sent again take effect once: its first answer is given again.
 */
export interface Workflows extends PipelineCalls, RolloutCalls, SoakCalls, CalendarCalls, ScheduleCalls, ReadinessCalls {}
