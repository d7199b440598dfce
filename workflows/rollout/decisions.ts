import { log, setHandler } from '@temporalio/workflow';
import { checkDecision, stuckRegion, waitingGate, type Deciding } from '../../src/rollout/decisions.js';
import { MeridianFailure } from '../../src/rollout/failure.js';
import type { RolloutEffect } from '../../src/rollout/rollout-states.js';
import { decisionHelp, decisionKinds, type DecisionKind } from '../../src/rollout/decision-kinds.js';
import type { Decision } from '../../src/rollout/schema/decision.js';
import type { Gate } from '../../src/rollout/schema/pipeline.js';
import type { WaitingFor } from '../../src/rollout/schema/rollout.js';
import { asUpdateAnswer } from '../failures.js';
import { decisionSignal, decisionUpdate, regionDecisionSignal, type DecisionMessage } from '../messages.js';
import { tell } from '../tell.js';
import { change, clearFailure, move, note, viewOf } from './record.js';
import { keyOf, sayDecision, type RolloutRun } from './run.js';

/** Every decision as an Update, answered at once or refused with the reason, and as a Signal of the same name. */
export function takeDecisions(run: RolloutRun): void {
  for (const kind of decisionKinds) {
    setHandler(
      decisionUpdate(kind),
      ({ fingerprint, ...decision }) => {
        decide(run, kind, decision);
        return { rollout: viewOf(run), ...(fingerprint !== undefined && { fingerprint }) };
      },
      {
        description: decisionHelp[kind],
        validator: (message: DecisionMessage) => asUpdateAnswer(() => checkDecision(deciding(run), kind, message)),
      },
    );
    setHandler(decisionSignal(kind), (payload) => decideBySignal(run, kind, payload), { description: decisionHelp[kind] });
  }
}

/** A Signal cannot be refused, and what a person types into the Temporal UI may be incomplete: both end up in the timeline. */
function decideBySignal(run: RolloutRun, kind: DecisionKind, payload: Partial<Decision> | undefined): void {
  const decision = complete(payload);
  try {
    checkDecision(deciding(run), kind, decision);
  } catch (error) {
    if (!(error instanceof MeridianFailure)) throw error;
    log.info('a signal was refused', { kind, by: decision.by, reason: error.message });
    note(run, { kind: 'refused', by: decision.by, text: `${kind} was refused: ${error.message}` });
    return;
  }
  decide(run, kind, decision);
}

function complete(payload: unknown): Decision {
  const given = payload !== null && typeof payload === 'object' ? (payload as Record<string, unknown>) : {};
  const text = (key: string): string | undefined => (typeof given[key] === 'string' ? given[key] : undefined);
  const [reason, gate, region, environment] = [text('reason'), text('gate'), text('region'), text('environment')];
  return {
    by: text('by') ?? 'someone in the Temporal UI',
    roles: Array.isArray(given.roles) ? given.roles.filter((role) => typeof role === 'string') : [],
    ...(reason !== undefined && { reason }),
    ...(gate !== undefined && { gate }),
    ...(region !== undefined && { region }),
    ...(environment !== undefined && { environment }),
  };
}

/** What the policy decides by itself, under its own name. */
export const decideByPolicy = (run: RolloutRun, kind: DecisionKind, reason: string): void => decide(run, kind, { by: 'policy', roles: [], reason });

/** Decisions that a status goes on telling of; an answer to a gate or to a stuck undo does not say why the rollout stands where it does. */
const explainsStatus: readonly DecisionKind[] = ['pause', 'reject', 'abort', 'rollback'];

/** Takes a decision that has passed its check. */
export function decide(run: RolloutRun, kind: DecisionKind, decision: Decision): void {
  note(run, { kind: 'decision', by: decision.by, text: textOf(kind, decision), ...(decision.region && { region: decision.region }) });
  if (explainsStatus.includes(kind)) run.decision = sayDecision(decision);
  if (kind === 'abort' || kind === 'rollback') run.goal = kind === 'abort' ? 'aborted' : 'rolled-back';
  if (kind === 'resume') clearFailure(run);
  for (const each of move(run, kind)) effects[each](run, kind, decision);
}

const textOf = (kind: DecisionKind, { gate, reason }: Decision): string => `${kind}${gate ? ` ${gate}` : ''}${reason ? `: ${reason}` : ''}`;

type Effect = (run: RolloutRun, kind: DecisionKind, decision: Decision) => void;

const effects: Record<RolloutEffect, Effect> = {
  'pause-regions': (run, kind, decision) => {
    run.isPaused = true;
    passOn(run, kind, decision);
  },
  'resume-regions': (run, kind, decision) => {
    run.isPaused = false;
    passOn(run, kind, decision);
    if (run.view.waitingFor.length > 0) move(run, 'gate-closed');
  },
  'stop-walk': (run) => {
    change(run, { waitingFor: [] });
    run.walk.cancel();
  },
  'note-approval': (run, kind, decision) => {
    const waiting = waitingGate(run.view, decision);
    if (waiting.region) passOn(run, kind, { ...decision, gate: waiting.gate }, keyOf({ ...waiting, region: waiting.region }));
    else run.approved.push(`${waiting.environment}/${waiting.gate}`);
    openGate(run, waiting);
  },
  'note-rejection': (run, _kind, decision) => {
    const { gate } = waitingGate(run.view, decision);
    run.goal = 'aborted';
    change(run, { failure: { code: 'ApprovalRejected', message: `${decision.by} rejected ${gate}: ${decision.reason}` } });
  },
  'retry-undo': (run, kind, decision) => answerStuck(run, kind, decision),
  'skip-undo': (run, kind, decision) => answerStuck(run, kind, decision),
};

/** Takes a gate off the list of what the rollout waits for. */
export function openGate(run: RolloutRun, waiting: WaitingFor): void {
  change(run, { waitingFor: run.view.waitingFor.filter((each) => each !== waiting) });
  if (run.view.waitingFor.length === 0) move(run, 'gates-open');
}

function answerStuck(run: RolloutRun, kind: DecisionKind, decision: Decision): void {
  const stuck = stuckRegion(run.view, decision);
  passOn(run, kind, decision, keyOf(stuck));
  // Marked here at once, so that a second answer does not meet a region that still looks stuck; its own report follows.
  change(run, { regions: run.view.regions.map((each) => (each === stuck ? { ...each, status: 'rolling-back' } : each)) });
  clearFailure(run);
  if (run.view.regions.some((each) => each.status === 'stuck')) move(run, 'undo-stuck');
}

/** Hands a decision on to the region workflows at work, or to the one that is meant. */
function passOn(run: RolloutRun, kind: DecisionKind, decision: Decision, only?: string): void {
  for (const [key, handle] of Object.entries(run.open)) {
    if (only === undefined || only === key) void tell(handle, regionDecisionSignal, { kind, decision });
  }
}

const deciding = (run: RolloutRun): Deciding => ({
  status: run.view.status,
  waitingFor: run.view.waitingFor,
  regions: run.view.regions,
  startedBy: run.view.startedBy,
  goal: run.goal,
  gateOf: (waiting) => gateOf(run, waiting),
});

function gateOf(run: RolloutRun, waiting: WaitingFor): Gate | undefined {
  const phase = run.input.document.lifecycle.find(({ environment }) => environment === waiting.environment);
  return (waiting.region ? phase?.regionGates : phase?.gates)?.find(({ name }) => name === waiting.gate);
}
