import { getExternalWorkflowHandle, setCurrentDetails, setHandler } from '@temporalio/workflow';
import type { PlaceWork } from '../../activities/work.js';
import { pipelineWorkflowId, rolloutWorkflowId } from '../../src/rollout/ids.js';
import { placeKey, placeOf, type Place } from '../../src/rollout/places.js';
import { moveRegion, type RegionEvent } from '../../src/rollout/states/region-states.js';
import type { Decision, DecisionKind } from '../../src/rollout/schema/decision.js';
import type { Release } from '../../src/rollout/schema/release.js';
import type { Failure, RegionState } from '../../src/rollout/schema/rollout.js';
import type { GateSettings, RegionSettings } from '../../src/rollout/document/settings.js';
import type { KnownMigration, PlaceSchema } from '../../src/rollout/schema/migration.js';
import type { RegionUndo } from '../../src/rollout/states/undo.js';
import { regionDetails } from '../details.js';
import { regionChangedSignal, schemaChangedSignal, type RegionChanged } from '../messages/pipeline.js';
import { regionReportSignal, type RegionReport } from '../messages/rollout.js';
import {
  comparisonSignal, regionDecisionSignal, regionHoldsSignal, regionQuery, schemaNewsSignal, type Comparison, type RegionHolds,
} from '../messages/region.js';
import { tell } from '../tell.js';

/** One region, or one tenant of it, of one rollout, from its gate to its end. */
export interface RegionInput extends Place {
  pipeline: string;
  rollout: string;
  wave: number;
  /** Counted from 1; a region that is tried again is a new attempt with keys of its own. */
  attempt: number;
  release: Release;
  /** `expand`: only the schema gets its new shape, ahead of the others; `contract`: it loses the old one under a release that stays. */
  work: 'ship' | 'expand' | 'contract';
  /** What is to be done to the schema here, in this order. */
  migrations: KnownMigration[];
  /** Names of those that nobody has expanded here, as far as the board knows. */
  lacking: string[];
  /** Hash of the rollout's plan. */
  plan: string;
  settings: RegionSettings;
  gateSettings: GateSettings;
  staleBaseline: 'hold' | 'accept';
  /** Deploy, undo and deploy again, so that the undo is known to work. */
  rehearse: boolean;
  /** As it was when the rollout started the region; changes follow. */
  holds: RegionHolds;
  /** What earlier attempts have left to undo here: what ran before the *first* one is what an undo puts back. */
  left: RegionUndo[];
  /** In whose name the database is changed: the rollout, and when it was asked for, as a pipeline that is begun anew counts from 1 again. */
  claimant: string;
  /** Gates that were approved or passed over in an earlier attempt, under the same plan. */
  approved: string[];
  overridden: string[];
}

export interface RegionResult {
  state: RegionState;
  /** What is left to undo, should the whole rollout go back; in the order in which it was done. */
  undo: RegionUndo[];
}

export interface SoakMemory {
  /** Number of the last news from the watch. */
  news: number;
  /** How long it has waited for data (ms). */
  silentMs: number;
  /** Nothing was proven, and a person may let it through. */
  isAsked: boolean;
  /** Why it holds the rollout, as the rollout was told; absent when it does not. */
  told?: string | undefined;
  /** What was told before of that. */
  noted: Set<string | undefined>;
}

/** The state of a region workflow. JSON in `state` and `undo`; the rest is what its handlers leave for the story to pick up. */
export interface RegionRun {
  input: RegionInput;
  state: RegionState;
  undo: RegionUndo[];
  holds: RegionHolds;
  /** What somebody else had put there, and was accepted as what was before. */
  accepted?: { release: Release | null };
  /** The contract has begun: from here on the old shape may be gone. */
  isContracting: boolean;
  /** Gates of this region that were approved, or passed over. */
  approved: string[];
  overridden: string[];
  /** What the soak at work remembers besides what people see of it. */
  soak: SoakMemory;
  /** What the rollout has said last that a soak is compared with. */
  comparison?: Comparison;
  /** Decisions that the story waits for, oldest first. */
  inbox: { kind: DecisionKind; decision: Decision }[];
}

/** Builds the state and sets every handler, before anything is awaited. */
export function openRegion(input: RegionInput, before?: RegionResult): RegionRun {
  const run: RegionRun = {
    input,
    state: before?.state ?? {
      ...placeOf(input), wave: input.wave, status: 'pending', release: null, previous: null, startedAt: now(), attempts: input.attempt,
    },
    undo: before?.undo ?? [...input.left],
    holds: input.holds,
    isContracting: false,
    approved: [...input.approved],
    overridden: [...input.overridden],
    soak: { news: 0, silentMs: 0, isAsked: false, noted: new Set() },
    inbox: [],
  };
  setHandler(regionQuery, () => run.state);
  setHandler(regionDecisionSignal, (message) => receive(run, message));
  setHandler(regionHoldsSignal, (holds) => {
    run.holds = holds;
  });
  setHandler(schemaNewsSignal, ({ text }) => patch(run, { note: text }));
  setHandler(comparisonSignal, (comparison) => {
    run.comparison = comparison;
  });
  showDetails(run);
  return run;
}

function receive(run: RegionRun, message: { kind: DecisionKind; decision: Decision }): void {
  const { kind, decision } = message;
  if (kind === 'approve' && decision.gate) run.approved.push(decision.gate);
  if (kind === 'override' && decision.gate) run.overridden.push(decision.gate);
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

export function clearFailure(run: RegionRun): void {
  const { failure: _over, ...state } = run.state;
  run.state = state;
}

const showDetails = (run: RegionRun): void => setCurrentDetails(regionDetails(run.state));

/** Tells the rollout of a change that people, or other regions, must know of at once. */
export const report = (run: RegionRun, text: string, gate: Pick<RegionReport, 'waitingFor' | 'leftGate'> = {}): Promise<void> =>
  tell(getExternalWorkflowHandle(rolloutWorkflowId(run.input.rollout)), regionReportSignal, { state: run.state, text, ...gate });

type BoardChange = Pick<RegionChanged, 'status' | 'release'> & Partial<Pick<RegionChanged, 'verified' | 'revoked' | 'deployMs'>>;

/** Tells the pipeline's board what runs here now. */
export function tellBoard(run: RegionRun, change: BoardChange): Promise<void> {
  const { pipeline, rollout } = run.input;
  return tell(getExternalWorkflowHandle(pipelineWorkflowId(pipeline)), regionChangedSignal, {
    ...placeOf(run.input), rollout, at: now(), verified: false, ...change,
  });
}

/** Tells the pipeline how far the migrations are here. */
export function tellSchema(run: RegionRun, schema: PlaceSchema): Promise<void> {
  const { pipeline, rollout } = run.input;
  return tell(getExternalWorkflowHandle(pipelineWorkflowId(pipeline)), schemaChangedSignal, { ...placeOf(run.input), rollout, schema, at: now() });
}

/** Where this region's activities work. */
export const place = ({ input }: RegionRun): PlaceWork => ({ ...placeOf(input), pipeline: input.pipeline, settings: input.settings });

/** `production/sydney`, as people read it. */
export const nameOf = ({ input }: RegionRun): string => placeKey(input);

export const now = (): string => new Date().toISOString();
