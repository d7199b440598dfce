import { getExternalWorkflowHandle, log, setHandler } from '@temporalio/workflow';
import { approvalsOf } from '../../src/rollout/control/approvals.js';
import { checkDecision, drainedRegion, isAsking, soakAsking, stuckRegion, waitingGate, type Deciding } from '../../src/rollout/control/decisions.js';
import { gateKey } from '../../src/rollout/control/gates.js';
import { pipelineWorkflowId } from '../../src/rollout/ids.js';
import { isSamePlace, placeKey } from '../../src/rollout/places.js';
import { MeridianFailure } from '../../src/rollout/failure.js';
import type { RolloutEffect, RolloutEvent } from '../../src/rollout/states/rollout-states.js';
import { decisionHelp, decisionKinds, type DecisionKind } from '../../src/rollout/control/decision-kinds.js';
import type { Decision } from '../../src/rollout/schema/decision.js';
import type { Gate } from '../../src/rollout/schema/gate.js';
import type { OverrideRecord, RegionState, WaitingFor } from '../../src/rollout/schema/rollout.js';
import { gatesAt } from '../../src/rollout/document/settings.js';
import { asUpdateAnswer } from '../failures.js';
import { overriddenSignal } from '../messages/pipeline.js';
import { decisionSignal, decisionUpdate, type DecisionMessage } from '../messages/rollout.js';
import { regionDecisionSignal } from '../messages/region.js';
import { tell } from '../tell.js';
import { leaveOut } from './drained.js';
import { goOnPastBudget, holdPastBudget } from './error-budget.js';
import { hasEnoughApprovals, leaveGate } from './gates.js';
import { change, clearFailure, move, note, now, viewOf } from './record.js';
import { recover } from './recover.js';
import { sayDecision, type RolloutRun } from './run.js';
import { syncRegions } from './sync-regions.js';

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
  const [reason, gate, region, environment, tenant, plan] = ['reason', 'gate', 'region', 'environment', 'tenant', 'plan'].map(text);
  return {
    by: text('by') ?? 'someone in the Temporal UI',
    roles: Array.isArray(given.roles) ? given.roles.filter((role) => typeof role === 'string') : [],
    ...(reason !== undefined && { reason }),
    ...(gate !== undefined && { gate }),
    ...(region !== undefined && { region }),
    ...(environment !== undefined && { environment }),
    ...(tenant !== undefined && { tenant }),
    ...(plan !== undefined && { plan }),
  };
}

/** What the policy decides by itself, under its own name. */
export const decideByPolicy = (run: RolloutRun, kind: DecisionKind, reason: string): void => decide(run, kind, { by: 'policy', roles: [], reason });

/** Decisions that a status goes on telling of; an answer to a gate or to a stuck undo does not say why the rollout stands where it does. */
const explainsStatus: readonly DecisionKind[] = ['pause', 'reject', 'abort', 'rollback'];

/** Takes a decision that has passed its check. */
export function decide(run: RolloutRun, kind: DecisionKind, decision: Decision): void {
  const { region, tenant } = decision;
  note(run, {
    kind: kind === 'override' ? 'override' : 'decision', by: decision.by, text: textOf(kind, decision), ...(region && { region }), ...(tenant && { tenant }),
  });
  if (explainsStatus.includes(kind)) run.decision = sayDecision(decision);
  if (kind === 'abort' || kind === 'rollback') run.goal = kind === 'abort' ? 'aborted' : 'rolled-back';
  if (kind === 'resume') {
    clearFailure(run);
    goOnPastBudget(run, decision.by);
  }
  for (const each of move(run, eventOf(run, kind, decision))) effects[each](run, kind, decision);
  if (kind === 'resume') holdPastBudget(run);
}

/** An answer to a soak is about its region; the same words to a gate are about the rollout. */
const eventOf = ({ view }: RolloutRun, kind: DecisionKind, decision: Decision): RolloutEvent =>
  (kind === 'approve' || kind === 'reject') && soakAsking(view, kind, decision) ? 'soak-answered' : kind;

const textOf = (kind: DecisionKind, { gate, reason }: Decision): string => `${kind}${gate ? ` ${gate}` : ''}${reason ? `: ${reason}` : ''}`;

type Effect = (run: RolloutRun, kind: DecisionKind, decision: Decision) => void;

const effects: Record<RolloutEffect, Effect> = {
  'pause-regions': (run) => {
    run.isPaused = true;
    syncRegions(run);
  },
  'resume-regions': (run, kind, decision) => {
    run.isPaused = false;
    syncRegions(run);
    passOn(run, kind, decision);
    soakAgain(run);
    if (run.view.waitingFor.length > 0) move(run, 'gate-closed');
  },
  'stop-walk': (run) => {
    change(run, { waitingFor: [] });
    run.walk.cancel();
  },
  'start-now': () => undefined, // the story notices that it is queued
  'note-approval': (run, kind, decision) => {
    const waiting = waitingGate(run.view, 'approve', decision);
    const key = gateKey(waiting);
    run.approvals.push({ gate: key, by: decision.by, at: now(), plan: run.plan.hash });
    showApprovals(run, waiting);
    const gate = gateOf(run, waiting);
    if (gate?.type === 'approval' && hasEnoughApprovals(run, gate, key)) openGate(run, waiting, kind, decision);
  },
  'note-rejection': (run, _kind, decision) => {
    const { gate } = waitingGate(run.view, 'reject', decision);
    run.goal = 'aborted';
    change(run, { failure: { code: 'ApprovalRejected', message: `${decision.by} rejected ${gate}: ${decision.reason}` } });
  },
  'answer-soak': (run, kind, decision) => {
    const { environment, region, tenant, ...waiting } = soakAsking(run.view, kind as 'approve' | 'reject', decision)!;
    openGate(run, { environment, region, tenant, ...waiting }, kind, decision);
    // Marked here at once, so that a second answer does not meet a region that still asks; its own report follows.
    const isMeant = (each: RegionState): boolean => isSamePlace(each, { environment, region: region!, tenant });
    change(run, { regions: run.view.regions.map((each) => (isMeant(each) ? { ...each, status: 'soaking' } : each)) });
    if (kind === 'approve') recover(run);
  },
  'override-gate': (run, kind, decision) => {
    const waiting = waitingGate(run.view, 'override', decision);
    recordOverride(run, { by: decision.by, at: now(), what: `the gate ${gateKey(waiting)}`, reason: decision.reason ?? '' });
    run.overridden.push(gateKey(waiting));
    openGate(run, waiting, kind, decision);
  },
  'note-promotion': (run, _kind, { by, roles, reason }) => {
    const to = run.plan.next!;
    run.promotion = { release: run.input.release.version, to, by, roles, ...(reason !== undefined && { reason }) };
    change(run, { promoteTo: to });
  },
  'skip-drained': (run, kind, decision) => {
    const { environment, region } = drainedRegion(run.view, decision);
    leaveOut(run, environment, region!, decision.by);
    for (const { place } of Object.values(run.open)) {
      if (place.environment === environment && place.region === region) passOn(run, kind, decision, placeKey(place));
    }
  },
  'retry-undo': (run, kind, decision) => answerStuck(run, kind, decision),
  'skip-undo': (run, kind, decision) => answerStuck(run, kind, decision),
};

function showApprovals(run: RolloutRun, waiting: WaitingFor): void {
  const approvals = approvalsOf(run.approvals, gateKey(waiting), run.plan.hash).map(({ by, at }) => ({ by, at }));
  change(run, { waitingFor: run.view.waitingFor.map((each) => (each === waiting ? { ...each, approvals } : each)) });
}

/** Kept on the rollout, and on the release for as long as it is known. */
function recordOverride(run: RolloutRun, record: OverrideRecord): void {
  change(run, { overrides: [...run.view.overrides, record] });
  void tell(getExternalWorkflowHandle(pipelineWorkflowId(run.input.pipeline)), overriddenSignal, { release: run.input.release.version, record });
}

/** Lets whoever waits at a gate go on: the region that is meant, or the rollout itself. */
function openGate(run: RolloutRun, { gate, ...place }: WaitingFor, kind: DecisionKind, decision: Decision): void {
  if (place.region !== undefined) passOn(run, kind, { ...decision, gate }, placeKey({ ...place, region: place.region }));
  leaveGate(run, gateKey({ ...place, gate }));
}

function answerStuck(run: RolloutRun, kind: DecisionKind, decision: Decision): void {
  const stuck = stuckRegion(run.view, decision);
  passOn(run, kind, decision, placeKey(stuck));
  // Marked here at once, so that a second answer does not meet a region that still looks stuck; its own report follows.
  change(run, { regions: run.view.regions.map((each) => (each === stuck ? { ...each, status: 'rolling-back' } : each)) });
  clearFailure(run);
  if (run.view.regions.some((each) => each.status === 'stuck')) move(run, 'undo-stuck');
}

/** Who was asked soaks again: marked here at once, so that another answer does not meet a region that still asks. */
function soakAgain(run: RolloutRun): void {
  const isAsked = (region: RegionState): boolean => run.view.waitingFor.some((each) => isAsking(region, each));
  change(run, { regions: run.view.regions.map((each) => (isAsked(each) ? { ...each, status: 'soaking' } : each)) });
}

/** Hands a decision on to the region workflows at work, or to the one that is meant. */
function passOn(run: RolloutRun, kind: DecisionKind, decision: Decision, only?: string): void {
  for (const [key, { handle }] of Object.entries(run.open)) {
    if (only === undefined || only === key) void tell(handle, regionDecisionSignal, { kind, decision });
  }
}

const deciding = (run: RolloutRun): Deciding => ({
  status: run.view.status,
  waitingFor: run.view.waitingFor,
  regions: run.view.regions,
  startedBy: run.view.startedBy,
  goal: run.goal,
  plan: run.plan.hash,
  approvals: run.approvals,
  overrideRoles: run.input.document.policy.override.roles,
  next: run.plan.next,
  promoteTo: run.view.promoteTo,
  gateOf: (waiting) => gateOf(run, waiting),
});

function gateOf({ input }: RolloutRun, { environment, wave, region, gate }: WaitingFor): Gate | undefined {
  const scope = region !== undefined ? 'region' : wave !== undefined ? 'wave' : 'phase';
  return gatesAt(input.document, environment, scope).find(({ name }) => name === gate);
}
