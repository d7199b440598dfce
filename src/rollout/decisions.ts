import { needsReason } from './decision-kinds.js';
import { MeridianFailure } from './failure.js';
import { mayAnswer } from './gates.js';
import { decisionsIn } from './rollout-states.js';
import type { Decision, DecisionKind } from './schema/decision.js';
import type { Gate } from './schema/pipeline.js';
import type { RegionState, WaitingFor } from './schema/rollout.js';
import { isTerminal, type RolloutStatus } from './statuses.js';

/** What a decision is held against. */
export interface Deciding {
  status: RolloutStatus;
  waitingFor: WaitingFor[];
  regions: RegionState[];
  startedBy: string;
  /** Somebody has already stopped the walk: what it will end in. */
  goal?: 'rolled-back' | 'aborted' | undefined;
  /** The definition of a gate that waits. */
  gateOf(waiting: WaitingFor): Gate | undefined;
}

/** Throws a `MeridianFailure` with the reason when the decision makes no sense now or this person may not take it. */
export function checkDecision(rollout: Deciding, kind: DecisionKind, decision: Decision): void {
  if (!possible(rollout).includes(kind)) throw new MeridianFailure('DecisionRefused', refusal(rollout, kind));
  if (needsReason(kind) && !decision.reason?.trim()) {
    throw new MeridianFailure('InvalidRequest', `${kind} needs a reason: it is kept in the record. Send it as "reason".`);
  }
  if (kind === 'approve' || kind === 'reject') checkAnswer(rollout, decision);
  if (kind === 'retry' || kind === 'skip') stuckRegion(rollout, decision);
}

/** The decisions that make sense now. Nobody answers a gate when none waits, or stops a walk that is already stopped. */
function possible({ status, waitingFor, goal }: Deciding): DecisionKind[] {
  return decisionsIn(status).filter((kind) => {
    if (kind === 'approve' || kind === 'reject') return waitingFor.length > 0;
    return goal === undefined || (kind !== 'rollback' && kind !== 'abort');
  });
}

/** Why a decision is refused, and what can be done instead. */
function refusal(rollout: Deciding, kind: DecisionKind): string {
  const { status, goal } = rollout;
  if (isTerminal(status)) return `${kind} makes no sense any more: the rollout has ended as ${status}.`;
  const instead = possible(rollout).join(', ');
  const end = goal === undefined ? '' : ` and will end as ${goal}`;
  return `${kind} makes no sense now: the rollout is ${status}${end}. ${instead ? `You can: ${instead}.` : 'An undo is never stopped: wait for its end.'}`;
}

function checkAnswer(rollout: Deciding, decision: Decision): void {
  const waiting = waitingGate(rollout, decision);
  const gate = rollout.gateOf(waiting);
  if (gate) mayAnswer(gate, decision, rollout.startedBy);
}

/** The one gate that an answer means. Throws `DecisionRefused` when it is none, or not clear which. */
export function waitingGate(rollout: Pick<Deciding, 'waitingFor'>, decision: Pick<Decision, 'gate' | 'region' | 'environment'>): WaitingFor {
  const matching = rollout.waitingFor.filter((each) => (decision.gate === undefined || each.gate === decision.gate) && isMeant(each, decision));
  return onlyOne(matching, 'gate', rollout.waitingFor, (each) => `${each.gate} in ${each.environment}${each.region ? `/${each.region}` : ''}`);
}

/** The one stuck region that a retry or skip means. Throws `DecisionRefused` when it is none, or not clear which. */
export function stuckRegion(rollout: Pick<Deciding, 'regions'>, decision: Pick<Decision, 'region' | 'environment'>): RegionState {
  const stuck = rollout.regions.filter((each) => each.status === 'stuck');
  return onlyOne(stuck.filter((each) => isMeant(each, decision)), 'region', stuck, (each) => `${each.environment}/${each.region}`);
}

const isMeant = (each: { environment: string; region?: string | undefined }, { environment, region }: Pick<Decision, 'region' | 'environment'>): boolean =>
  (environment === undefined || each.environment === environment) && (region === undefined || each.region === region);

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
