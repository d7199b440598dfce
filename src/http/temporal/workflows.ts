import type { DecisionKind } from '../../rollout/schema/decision.js';
import type { PipelineMemo, RolloutMemo } from '../../../workflows/memo.js';
import type {
  Admitted, Applied, ApplyRequest, Decided, DecisionMessage, PipelineState, RolloutView, StartRequest,
} from '../../../workflows/messages.js';

export type { PipelineMemo, RolloutMemo } from '../../../workflows/memo.js';
export type { Admitted, Applied, Decided, PipelineState, RolloutView } from '../../../workflows/messages.js';

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

/**
 * Everything that HTTP asks of the workflows. A refusal by a rule is a `MeridianFailure` with its code; what nobody could answer is
 * an `OutOfReach` that says why. `updateId` makes a write that is sent again take effect once: its first answer is given again.
 */
export interface Workflows {
  applyPipeline(name: string, request: ApplyRequest, updateId: string): Promise<Applied>;
  /** Throws `PipelineNotFound`. Needs a worker. */
  pipeline(name: string): Promise<PipelineState>;
  /** What Temporal itself keeps of a pipeline, without a worker. Throws `PipelineNotFound`. */
  pipelineMemo(name: string): Promise<PipelineMemo>;
  /** Without a worker; a moment behind. */
  pipelines(paging: Paging): Promise<Page<PipelineMemo>>;

  startRollout(pipeline: string, request: StartRequest, updateId: string): Promise<Admitted>;
  /** Throws `DecisionRefused` with the state when it makes no sense now. */
  decide(rollout: string, kind: DecisionKind, message: DecisionMessage, updateId: string): Promise<Decided>;
  /** With the state of each region at work, asked of the region itself. Throws `RolloutNotFound`. Needs a worker while it runs. */
  rollout(id: string): Promise<RolloutView>;
  /** What Temporal itself keeps of a rollout, without a worker. Throws `RolloutNotFound`. */
  rolloutMemo(id: string): Promise<RolloutMemo['rollout']>;
  /** Without a worker; a moment behind. Those that run first, then those that ended last. */
  rollouts(filter: RolloutFilter, paging: Paging): Promise<Page<RolloutMemo['rollout']>>;

  /** Never throws. */
  readiness(): Promise<{ temporal: Presence; worker: Presence }>;
}
