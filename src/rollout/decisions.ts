import { MeridianFailure } from './failure.js';
import { mayAnswer } from './gates.js';
import { moveRollout, refusal } from './rollout-states.js';
import type { Decision, DecisionKind } from './schema/decision.js';
import type { Gate } from './schema/pipeline.js';
import type { RegionState, WaitingFor } from './schema/rollout.js';
import type { RolloutStatus } from './statuses.js';

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

const needsReason: readonly DecisionKind[] = ['abort', 'rollback', 'reject', 'skip'];

/** Throws a `MeridianFailure` with the reason when the decision makes no sense now or this person may not take it. */
export function checkDecision(rollout: Deciding, kind: DecisionKind, decision: Decision): void {
  if (rollout.goal !== undefined && (kind === 'rollback' || kind === 'abort')) throw new MeridianFailure('DecisionRefused', alreadyStopped(kind, rollout.goal));
  if (!moveRollout(rollout.status, kind)) throw new MeridianFailure('DecisionRefused', refusal(rollout.status, kind));
  if (needsReason.includes(kind) && !decision.reason?.trim()) {
    throw new MeridianFailure('InvalidRequest', `${kind} needs a reason: it is kept in the record. Send it as "reason".`);
  }
  if (kind === 'approve' || kind === 'reject') checkAnswer(rollout, decision);
  if (kind === 'retry' || kind === 'skip') stuckRegion(rollout, decision);
}

const alreadyStopped = (kind: DecisionKind, goal: string): string =>
  `${kind} makes no sense now: the walk is already stopped and the rollout will end as ${goal}. An undo is never stopped; wait for its end.`;

function checkAnswer(rollout: Deciding, decision: Decision): void {
  const waiting = waitingGate(rollout, decision);
  const gate = rollout.gateOf(waiting);
  if (gate) mayAnswer(gate, decision, rollout.startedBy);
}

/** The one gate that an answer means. Throws `DecisionRefused` when it is none, or not clear which. */
export function waitingGate(rollout: Pick<Deciding, 'waitingFor'>, decision: Pick<Decision, 'gate' | 'region'>): WaitingFor {
  const matching = rollout.waitingFor.filter((each) =>
    (decision.gate === undefined || each.gate === decision.gate) && (decision.region === undefined || each.region === decision.region));
  return onlyOne(matching, 'gate', rollout.waitingFor, (each) => (each.region ? `${each.gate} (region ${each.region})` : each.gate));
}

/** The one stuck region that a retry or skip means. Throws `DecisionRefused` when it is none, or not clear which. */
export function stuckRegion(rollout: Pick<Deciding, 'regions'>, decision: Pick<Decision, 'region'>): RegionState {
  const stuck = rollout.regions.filter((each) => each.status === 'stuck');
  const matching = stuck.filter((each) => decision.region === undefined || each.region === decision.region);
  return onlyOne(matching, 'region', stuck, (each) => each.region);
}

function onlyOne<T>(matching: T[], what: string, all: T[], nameOf: (item: T) => string): T {
  const [first, second] = matching;
  if (first === undefined) {
    const names = all.map(nameOf).join(', ') || 'none';
    throw new MeridianFailure('DecisionRefused', `No such ${what} waits for an answer. Waiting: ${names}.`);
  }
  if (second !== undefined) {
    throw new MeridianFailure('DecisionRefused', `More than one ${what} waits; name the one you mean: ${matching.map(nameOf).join(', ')}.`);
  }
  return first;
}
