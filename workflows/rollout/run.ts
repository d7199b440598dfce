import { CancellationScope, type ChildWorkflowHandle } from '@temporalio/workflow';
import type { PipelineDocument } from '../../src/rollout/schema/pipeline.js';
import type { Plan } from '../../src/rollout/schema/plan.js';
import type { Decision } from '../../src/rollout/schema/decision.js';
import type { Release } from '../../src/rollout/schema/release.js';
import type { RegionState } from '../../src/rollout/schema/rollout.js';
import { regionsOf } from '../../src/rollout/plan.js';
import type { Undoable } from '../../src/rollout/undo.js';
import type { region } from '../region.js';
import type { RolloutView } from '../messages.js';

/** One release walking the lifecycle of one pipeline. Frozen at admission: later changes of the document do not touch it. */
export interface RolloutInput {
  rollout: string;
  number: number;
  pipeline: string;
  document: PipelineDocument;
  plan: Plan;
  release: Release;
  startedBy: string;
  /** ISO 8601. */
  createdAt: string;
  /** The rollout that it waits for; null when its environments were free. */
  behind: string | null;
}

/** A region whose workflow has ended, with what is left to undo there. */
export interface Finished extends Undoable {
  state: RegionState;
}

/** The state of a rollout workflow. `view` is what people see; the rest is what handlers leave for the story to pick up. */
export interface RolloutRun {
  input: RolloutInput;
  view: Omit<RolloutView, 'why'>;
  /** The rollout that it waits for while it is queued. */
  behind: string | null;
  /** Where the release was verified when the rollout was let in; absent before that. */
  verified?: Record<string, string> | undefined;
  /** Who paused or stopped the walk, and why: `ana (the metrics look odd)`. */
  decision?: string;
  /** What the unwinding ends in; set when the walk is stopped. */
  goal?: 'rolled-back' | 'aborted';
  /** The walk, so that a decision can stop it. */
  walk: CancellationScope;
  /** Gates of phases that were approved, as `<environment>/<gate>`. */
  approved: string[];
  /** In the order in which they ended. */
  finished: Finished[];
  /** Region workflows at work, by `<environment>/<region>`. */
  open: Record<string, ChildWorkflowHandle<typeof region>>;
  /** Notices on their way; awaited at the end. */
  notices: Promise<void>[];
  /** Set from the moment of the first pause until the resume: handed to regions that start meanwhile. */
  isPaused: boolean;
}

export function newRun(input: RolloutInput): RolloutRun {
  const { rollout, number, pipeline, plan, release, startedBy, createdAt } = input;
  return {
    input,
    view: {
      id: rollout, pipeline, number, release: release.version, status: 'queued', phase: null, startedBy, createdAt,
      waitingFor: [], regions: plan.phases.flatMap(pendingRegions), timeline: [],
    },
    behind: input.behind,
    walk: new CancellationScope({ cancellable: true }),
    approved: [],
    finished: [],
    open: {},
    notices: [],
    isPaused: false,
  };
}

const pendingRegions = (phase: Plan['phases'][number]): RegionState[] =>
  phase.waves.flatMap((wave) => wave.regions.map(({ region: name }) => ({
    environment: phase.environment, region: name, wave: wave.number, status: 'pending' as const, release: null, previous: null, attempts: 0,
  })));

export const keyOf = (place: { environment: string; region: string }): string => `${place.environment}/${place.region}`;

export const regionState = (run: RolloutRun, key: string): RegionState => run.view.regions.find((each) => keyOf(each) === key)!;

/** How many regions the walk has in all. */
export const regionCount = ({ input }: RolloutRun): number => input.plan.phases.flatMap(regionsOf).length;

export const sayDecision = (decision: Decision): string => (decision.reason ? `${decision.by} (${decision.reason})` : decision.by);
