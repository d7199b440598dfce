import { CancellationScope, type ChildWorkflowHandle } from '@temporalio/workflow';
import type { Approval } from '../../src/rollout/control/approvals.js';
import type { Carried } from '../../src/rollout/evidence/carried.js';
import type { SoakCost } from '../../src/rollout/evidence/error-budget.js';
import type { SchemaToDo } from '../../src/rollout/pipeline/schema-admission.js';
import type { Watched } from '../../src/rollout/pipeline/provisional.js';
import { placeKey, type Place } from '../../src/rollout/places.js';
import { placesOf } from '../../src/rollout/plan/plan.js';
import type { Decision } from '../../src/rollout/schema/decision.js';
import type { PipelineDocument } from '../../src/rollout/schema/pipeline.js';
import type { Plan } from '../../src/rollout/schema/plan.js';
import type { Release } from '../../src/rollout/schema/release.js';
import type { OverrideRecord, RegionState } from '../../src/rollout/schema/rollout.js';
import type { ShipOptions } from '../../src/rollout/schema/ship.js';
import type { Undoable } from '../../src/rollout/states/undo.js';
import type { RolloutEnded } from '../messages/pipeline.js';
import type { Admission, Holds, RolloutView } from '../messages/rollout.js';
import type { region } from '../region.js';

/** One release walking the lifecycle of one pipeline. Frozen when it is asked for: later changes of the document do not touch it. */
export interface RolloutInput {
  rollout: string;
  number: number;
  pipeline: string;
  /** As this rollout uses it: with the soak of its lane, and its nights. */
  document: PipelineDocument;
  revision: number;
  /** As it was when the rollout was asked for; made anew when it is let in. */
  plan: Plan;
  release: Release;
  options: ShipOptions;
  startedBy: string;
  roles: string[];
  /** ISO 8601. */
  createdAt: string;
  /** The rollout that it waits for; null when its environments were free. */
  behind: string | null;
  holds: Holds;
  /** What was passed over to start it. */
  overrides: OverrideRecord[];
  schema: SchemaToDo;
}

/** A place whose workflow has ended, with what is left to undo there. */
export interface Finished extends Undoable {
  state: RegionState;
  /** Evidence of the regions before that its soak was given. */
  carried: Carried;
}

/** A region workflow at work. */
export interface OpenRegion {
  handle: ChildWorkflowHandle<typeof region>;
  place: Place;
  /** What it was told last of what holds it, as text; first of all in its input. */
  told: string;
}

/** The state of a rollout workflow. `view` is what people see; the rest is what handlers leave for the story to pick up. */
export interface RolloutRun {
  input: RolloutInput;
  plan: Plan;
  /** What it does to schemas, as things were when it was let in. */
  schema: SchemaToDo;
  view: Omit<RolloutView, 'why'>;
  /** What lists and searches were told last, as text. */
  published: string;
  foundBy: string;
  /** The rollout that it waits for while it is queued. */
  behind: string | null;
  holds: Holds;
  /** What the pipeline said when it let the rollout in; absent before that. */
  admission?: Admission;
  /** Who paused or stopped the walk, and why: `ana (the metrics look odd)`. */
  decision?: string;
  /** What the unwinding ends in; set when the walk is stopped. */
  goal?: 'rolled-back' | 'aborted';
  /** The newer rollout that takes over at the next edge: nothing new starts. */
  newer?: string;
  /** The walk, so that a decision can stop it. */
  walk: CancellationScope;
  /** Phases that the walk has entered, their gates behind it. */
  entered: string[];
  approvals: Approval[];
  /** Keys of the gates that somebody has passed over. */
  overridden: string[];
  /** Drained places whose turn it is: the rollout waits for them. */
  awaited: Place[];
  /** Drained places that a person has left out, by key: they are owed the release. */
  leftOut: Record<string, Place>;
  promotion?: RolloutEnded['promote'];
  /** By key of its place: evidence that the soak of a region was given last. */
  carried: Record<string, Carried>;
  /** In the order in which they ended. */
  finished: Finished[];
  /** By the key of its place: what was expanded ahead of all code, with its undo. In the order in which that was done. */
  expanded: Record<string, Finished>;
  /** What the release has cost, soak after soak. */
  costs: SoakCost[];
  /** Bad requests after which the rollout is held; more after each time that a person has let it go on. Null where there is no such budget. */
  budgetLimit: number | null;
  /** People have been told that the budget is spent, and nobody has gone on since. */
  isBudgetTold: boolean;
  /** Places that are watched on after the end. */
  watched: Watched[];
  /** Region workflows at work, by the key of their place. */
  open: Record<string, OpenRegion>;
  /** Doubts of soaks that people have been told of: place, soak and cause. */
  told: Set<string>;
  /** By key of the place: when its soak is expected to have enough evidence (ISO 8601), as far as one has said so. */
  provenBy: Record<string, string>;
  /** Notices on their way; awaited at the end. */
  notices: Promise<void>[];
  /** Set from the moment of the first pause until the resume. */
  isPaused: boolean;
}

export function newRun(input: RolloutInput): RolloutRun {
  const { rollout, number, pipeline, plan, release, options, startedBy, createdAt, overrides, schema: { contract } } = input;
  const { startAt } = options;
  const isScheduled = startAt !== undefined && startAt !== 'tonight' && Date.parse(startAt) > Date.parse(createdAt);
  return {
    input,
    plan,
    schema: input.schema,
    view: {
      id: rollout, pipeline, number, release: release.version, ...(contract && { contract }), status: isScheduled ? 'scheduled' : 'queued', phase: null, lane: options.lane,
      startedBy, createdAt, overrides, plan: plan.hash, waitingFor: [], regions: plan.phases.flatMap(pendingRegions), timeline: [],
      ...(isScheduled && { startAt: new Date(startAt).toISOString() }),
      ...(options.reason !== undefined && { reason: options.reason }),
    },
    published: '',
    foundBy: `${isScheduled ? 'scheduled' : 'queued'} null`, // as the pipeline has started it
    behind: input.behind,
    holds: input.holds,
    walk: new CancellationScope({ cancellable: true }),
    entered: [],
    approvals: [],
    overridden: [],
    awaited: [],
    leftOut: {},
    carried: {},
    finished: [],
    expanded: {},
    costs: [],
    budgetLimit: input.document.policy.errorBudget ?? null,
    isBudgetTold: false,
    watched: [],
    open: {},
    told: new Set(),
    provenBy: {},
    notices: [],
    isPaused: false,
  };
}

export const pendingRegions = (phase: Plan['phases'][number]): RegionState[] =>
  phase.waves.flatMap((wave) => wave.regions.map(({ region: name, tenant }) => ({
    environment: phase.environment, region: name, ...(tenant !== undefined && { tenant }), wave: wave.number,
    status: 'pending' as const, release: null, previous: null, attempts: 0,
  })));

/** What is shipped to a place, or runs there while its schema is contracted. */
export const releaseAt = ({ input: { release }, schema }: RolloutRun, place: Place): Release => schema.releases[placeKey(place)] ?? release;

export const regionState = (run: RolloutRun, place: Place): RegionState => run.view.regions.find((each) => placeKey(each) === placeKey(place))!;

/** How many places the walk has in all. */
export const placeCount = ({ plan }: RolloutRun): number => plan.phases.flatMap(placesOf).length;

export const sayDecision = (decision: Decision): string => (decision.reason ? `${decision.by} (${decision.reason})` : decision.by);
