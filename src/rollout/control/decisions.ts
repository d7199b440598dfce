import { approvalsOf, type Approval } from './approvals.js';
import { needsReason } from './decision-kinds.js';
import { MeridianFailure } from '../failure.js';
import { gateKey, mayAnswer } from './gates.js';
import { assertRole } from './roles.js';
import { decisionsIn } from '../states/rollout-states.js';
import type { Decision, DecisionKind } from '../schema/decision.js';
import type { Gate } from '../schema/gate.js';
import type { RegionState, WaitingFor } from '../schema/rollout.js';
import { placeOf } from '../places.js';
import { isTerminal, type RolloutStatus } from '../states/statuses.js';
import { scopeName } from './waits.js';

/** What a decision is held against. */
export interface Deciding {
  status: RolloutStatus;
  waitingFor: WaitingFor[];
  regions: RegionState[];
  startedBy: string;
  /** Somebody has already stopped the walk: what it will end in. */
  goal?: 'rolled-back' | 'aborted' | undefined;
  /** Hash of the plan as it is now. */
  plan: string;
  /** Every yes so far, of all gates and plans. */
  approvals: Approval[];
  /** Roles that may pass over a gate: `policy.override.roles`. */
  overrideRoles: string[];
  /** The environment after the walk; null at the end of the lifecycle. */
  next: string | null;
  /** Somebody has already asked for that. */
  promoteTo?: string | undefined;
  /** The definition of a gate that waits. */
  gateOf(waiting: WaitingFor): Gate | undefined;
}

/** What is waited for, and what the rollout and its regions are at. */
type Waiting = Pick<Deciding, 'status' | 'waitingFor' | 'regions'>;

/** Which of the places that wait a decision means. */
type Meant = Pick<Decision, 'gate' | 'environment' | 'region' | 'tenant'>;

/** Throws a `MeridianFailure` with the reason when the decision makes no sense now or this person may not take it. */
export function checkDecision(rollout: Deciding, kind: DecisionKind, decision: Decision): void {
  if (!possible(rollout).includes(kind)) throw new MeridianFailure('DecisionRefused', refusal(rollout, kind));
  if (needsReason(kind) && !decision.reason?.trim()) {
    throw new MeridianFailure('InvalidRequest', `${kind} needs a reason: it is kept in the record. Send it as "reason".`);
  }
  checks[kind]?.(rollout, decision);
}

/** What is asked of single decisions besides the right moment and a reason. */
const checks: Partial<Record<DecisionKind, (rollout: Deciding, decision: Decision) => void>> = {
  approve: (rollout, decision) => (soakAsking(rollout, 'approve', decision) ? checkSoakAnswer(decision) : checkApproval(rollout, decision)),
  reject: (rollout, decision) => soakAsking(rollout, 'reject', decision) ?? checkAnswer(rollout, 'reject', decision),
  override: (rollout, decision) => {
    const { gate } = waitingGate(rollout, 'override', decision);
    assertRole(decision, rollout.overrideRoles, `Passing over ${gate}`);
  },
  retry: (rollout, decision) => void stuckRegion(rollout, decision),
  skip: (rollout, decision) => void (rollout.status === 'stuck' ? stuckRegion : drainedRegion)(rollout, decision),
};

/** Throws unless this person may answer the gate that is meant; gives back the gate that waits. */
function checkAnswer(rollout: Deciding, kind: 'approve' | 'reject', decision: Decision): WaitingFor {
  const waiting = waitingGate(rollout, kind, decision);
  const gate = rollout.gateOf(waiting);
  if (gate?.type !== 'approval') throw new MeridianFailure('Internal', `${waiting.gate} waits for an approval, and its definition is not to be found.`);
  // Who started it may not approve it; to call it off is nobody's privilege but the role's.
  if (kind === 'approve') mayAnswer(gate, decision, rollout.startedBy);
  else assertRole(decision, gate.roles, gate.name);
  return waiting;
}

/** The soak that has proven nothing and asks a person, when it is what an answer means; anybody who may decide may answer it. */
export function soakAsking(rollout: Waiting, kind: 'approve' | 'reject', decision: Meant): WaitingFor | undefined {
  const waiting = waitingGate(rollout, kind, decision);
  return waiting.type === 'soak' ? waiting : undefined;
}

function checkSoakAnswer({ reason }: Decision): void {
  if (!reason?.trim()) throw new MeridianFailure('InvalidRequest', 'To let a region through that has proven nothing needs a reason: it is kept in the record. Send it as "reason".');
}

/** A yes counts once for each person, and for the plan that the person has seen. */
function checkApproval(rollout: Deciding, decision: Decision): void {
  const waiting = checkAnswer(rollout, 'approve', decision);
  if (decision.plan !== undefined && decision.plan !== rollout.plan) {
    throw new MeridianFailure('PlanChanged',
      `The plan that was looked at (${short(decision.plan)}) is not the plan any more (${short(rollout.plan)}). Look at it again, then approve.`);
  }
  if (approvalsOf(rollout.approvals, gateKey(waiting), rollout.plan).some(({ by }) => by === decision.by)) {
    throw new MeridianFailure('DecisionRefused', `${decision.by} has approved ${waiting.gate} already; it takes different people.`);
  }
}

/** Enough of a hash to tell two apart. */
const short = (hash: string): string => hash.slice(0, 12);

/** The decisions that make sense now, as far as it does not depend on who takes them. */
const possible = (rollout: Deciding): DecisionKind[] =>
  decisionsIn(rollout.status).filter((kind) => hasSubject[kind]?.(rollout) ?? true);

const notStopped = ({ goal }: Deciding): boolean => goal === undefined;

/** What must be there for a decision to mean something: a gate that waits, a walk that nobody has stopped yet. */
const hasSubject: Partial<Record<DecisionKind, (rollout: Deciding) => boolean>> = {
  approve: (rollout) => rollout.waitingFor.some((each) => isAnswered.approve(each, rollout)),
  reject: (rollout) => rollout.waitingFor.some((each) => isAnswered.reject(each, rollout)),
  override: (rollout) => rollout.waitingFor.some((each) => isAnswered.override(each, rollout)),
  skip: ({ status, waitingFor }) => status === 'stuck' || waitingFor.some(isDrained),
  promote: ({ next, promoteTo }) => next !== null && promoteTo === undefined,
  rollback: notStopped,
  abort: notStopped,
};

/** Why a decision is refused, and what can be done instead. */
function refusal(rollout: Deciding, kind: DecisionKind): string {
  const { status, goal } = rollout;
  if (isTerminal(status)) return `${kind} makes no sense any more: the rollout has ended as ${status}.`;
  const because = missing(rollout, kind) ?? `the rollout is ${status}${goal === undefined ? '' : ` and will end as ${goal}`}`;
  const instead = possible(rollout).join(', ');
  return `${kind} makes no sense now: ${because}. ${instead ? `You can: ${instead}.` : 'An undo is never stopped: wait for its end.'}`;
}

/** What a decision lacks, where the status alone does not say it. */
function missing({ waitingFor, next, promoteTo }: Deciding, kind: DecisionKind): string | undefined {
  if (kind === 'promote' && promoteTo !== undefined) return `the release goes on to ${promoteTo} already`;
  if (kind === 'promote' && next === null) return 'the lifecycle ends with this walk';
  const freeze = waitingFor.find(({ type }) => type === 'freeze');
  if (kind === 'override' && freeze) return `nobody overrides the freeze ${freeze.gate}, whoever holds it lifts it`;
  return undefined;
}

type GateAnswer = 'approve' | 'reject' | 'override';

const isApproval = (waiting: WaitingFor, rollout: Waiting): boolean =>
  waiting.type === 'approval' || (rollout.status === 'held' && rollout.regions.some((region) => isAsking(region, waiting)));

/** A soak that holds the rollout by itself asks nobody; one that has proven nothing holds its region, and asks. */
export const isAsking = (region: RegionState, waiting: WaitingFor): boolean =>
  waiting.type === 'soak' && waiting.asks === true && region.status === 'held' && scopeName(placeOf(region)) === scopeName(waiting);

const isDrained = ({ type }: WaitingFor): boolean => type === 'drained';

/** Which of the things that are waited for an answer can be meant for. A freeze is lifted by whoever holds it, and overridden by nobody. */
const isAnswered: Record<GateAnswer, (waiting: WaitingFor, rollout: Waiting) => boolean> = {
  approve: isApproval,
  reject: isApproval,
  override: ({ type }) => type !== 'freeze' && type !== 'drained' && type !== 'soak',
};

/** The one gate that an answer means. Throws `DecisionRefused` when it is none, or not clear which. */
export function waitingGate(rollout: Waiting, kind: GateAnswer, decision: Meant): WaitingFor {
  const gates = rollout.waitingFor.filter((each) => isAnswered[kind](each, rollout));
  const meant = gates.filter((each) => (decision.gate === undefined || each.gate === decision.gate) && isMeant(each, decision));
  return onlyOne(meant, 'gate', gates, (each) => `${each.gate} in ${scopeName(each)}`);
}

/** The one stuck region that a retry or skip means. Throws `DecisionRefused` when it is none, or not clear which. */
export function stuckRegion(rollout: Pick<Deciding, 'regions'>, decision: Meant): RegionState {
  const stuck = rollout.regions.filter((each) => each.status === 'stuck');
  return onlyOne(stuck.filter((each) => isMeant(each, decision)), 'region', stuck, ({ wave: _wave, ...place }) => scopeName(place));
}

/** The one drained region that a skip means. Throws `DecisionRefused` when it is none, or not clear which. */
export function drainedRegion(rollout: Pick<Deciding, 'waitingFor'>, decision: Meant): WaitingFor {
  const drained = rollout.waitingFor.filter(isDrained);
  return onlyOne(drained.filter((each) => isMeant(each, decision)), 'region', drained, scopeName);
}

const isMeant = (each: Meant, { environment, region, tenant }: Meant): boolean =>
  (environment === undefined || each.environment === environment)
  && (region === undefined || each.region === region)
  && (tenant === undefined || each.tenant === tenant);

function onlyOne<T>(matching: T[], what: string, all: T[], nameOf: (item: T) => string): T {
  const [first, second] = matching;
  if (first === undefined) {
    const waiting = all.map(nameOf).join(', ');
    throw new MeridianFailure('DecisionRefused', waiting ? `No such ${what} waits for an answer; waiting: ${waiting}.` : `No ${what} waits for an answer.`);
  }
  if (second !== undefined) {
    throw new MeridianFailure('DecisionRefused', `More than one ${what} waits for an answer; name the one you mean: ${matching.map(nameOf).join(', ')}.`);
  }
  return first;
}
