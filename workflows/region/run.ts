import { getExternalWorkflowHandle, setCurrentDetails, setHandler } from '@temporalio/workflow';
import type { PlaceWork } from '../../activities/work.js';
import { pipelineWorkflowId, rolloutWorkflowId } from '../../src/rollout/ids.js';
import { moveRegion, type RegionEvent } from '../../src/rollout/region-states.js';
import type { BoardCell } from '../../src/rollout/schema/board.js';
import type { Decision, DecisionKind } from '../../src/rollout/schema/decision.js';
import type { Release } from '../../src/rollout/schema/release.js';
import type { Failure, RegionState, WaitingFor } from '../../src/rollout/schema/rollout.js';
import type { RegionSettings } from '../../src/rollout/settings.js';
import type { RegionUndo } from '../../src/rollout/undo.js';
import { regionDetails } from '../details.js';
import { regionChangedSignal, regionDecisionSignal, regionQuery, regionReportSignal } from '../messages.js';
import { tell } from '../tell.js';

/** One region of one rollout, from its gate to its end. */
export interface RegionInput {
  pipeline: string;
  rollout: string;
  environment: string;
  region: string;
  wave: number;
  /** Counted from 1; a region that is tried again is a new attempt with keys of its own. */
  attempt: number;
  release: Release;
  settings: RegionSettings;
  /** The rollout was paused when the region started. */
  paused: boolean;
}

export interface RegionResult {
  state: RegionState;
  /** What is left to undo, should the whole rollout go back; in the order in which it was done. */
  undo: RegionUndo[];
}

/** The state of a region workflow. JSON in `state` and `undo`; the rest is what its handlers leave for the story to pick up. */
export interface RegionRun {
  input: RegionInput;
  state: RegionState;
  undo: RegionUndo[];
  isPaused: boolean;
  /** Gates of this region that were approved. */
  approved: string[];
  /** Decisions that the story waits for, oldest first. */
  inbox: { kind: DecisionKind; decision: Decision }[];
}

/** Builds the state and sets every handler, before anything is awaited. */
export function openRegion(input: RegionInput, before?: RegionResult): RegionRun {
  const run: RegionRun = {
    input,
    state: before?.state ?? {
      environment: input.environment,
      region: input.region,
      wave: input.wave,
      status: 'pending',
      release: null,
      previous: null,
      startedAt: now(),
      attempts: input.attempt,
    },
    undo: before?.undo ?? [],
    isPaused: input.paused,
    approved: [],
    inbox: [],
  };
  setHandler(regionQuery, () => run.state);
  setHandler(regionDecisionSignal, (message) => receive(run, message));
  showDetails(run);
  return run;
}

function receive(run: RegionRun, message: { kind: DecisionKind; decision: Decision }): void {
  if (message.kind === 'pause') run.isPaused = true;
  if (message.kind === 'resume') run.isPaused = false;
  if (message.kind === 'approve' && message.decision.gate) run.approved.push(message.decision.gate);
  run.inbox.push(message);
}

/** Takes a move of the region table and shows it. */
export function move(run: RegionRun, event: RegionEvent): void {
  run.state = { ...run.state, status: moveRegion(run.state.status, event) };
  showDetails(run);
}

export function patch(run: RegionRun, change: Partial<RegionState>): void {
  run.state = { ...run.state, ...change };
  showDetails(run);
}

export function fail(run: RegionRun, failure: Failure): void {
  patch(run, { failure });
}

const showDetails = (run: RegionRun): void => setCurrentDetails(regionDetails(run.state));

/** Tells the rollout of a change that people, or other regions, must know of at once. */
export const report = (run: RegionRun, text: string, waitingFor?: WaitingFor): Promise<void> =>
  tell(getExternalWorkflowHandle(rolloutWorkflowId(run.input.rollout)), regionReportSignal, {
    state: run.state,
    text,
    ...(waitingFor && { waitingFor }),
  });

/** Tells the pipeline's board what runs here now. */
export function tellBoard(
  run: RegionRun, change: { status: BoardCell['status']; release: Release | null; verified?: boolean; revoked?: string },
): Promise<void> {
  const { pipeline, rollout, environment, region } = run.input;
  return tell(getExternalWorkflowHandle(pipelineWorkflowId(pipeline)), regionChangedSignal, {
    environment, region, rollout, at: now(), verified: false, ...change,
  });
}

/** Where this region's activities work. */
export const place = ({ input }: RegionRun): PlaceWork => ({
  pipeline: input.pipeline,
  environment: input.environment,
  region: input.region,
  settings: input.settings,
});

/** `production/sydney`, as people read it. */
export const nameOf = ({ input }: RegionRun): string => `${input.environment}/${input.region}`;

export const now = (): string => new Date().toISOString();
