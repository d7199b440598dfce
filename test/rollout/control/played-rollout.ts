import { approvalsOf, isApproved, type Approval } from '../../../src/rollout/control/approvals.js';
import { checkDecision, drainedRegion, stuckRegion, waitingGate, type Deciding } from '../../../src/rollout/control/decisions.js';
import { gateKey } from '../../../src/rollout/control/gates.js';
import { afterRehearsal } from '../../../src/rollout/states/rehearsal.js';
import { moveRollout, type RolloutEffect, type RolloutEvent } from '../../../src/rollout/states/rollout-states.js';
import type { Decision, DecisionKind } from '../../../src/rollout/schema/decision.js';
import { ApprovalGate } from '../../../src/rollout/schema/gate.js';
import type { RegionState, WaitingFor } from '../../../src/rollout/schema/rollout.js';
import type { RegionStatus } from '../../../src/rollout/states/statuses.js';

/** A rollout as its workflow keeps it, played without Temporal: the rules decide, and their effects are carried out on plain data. */
export interface Played extends Omit<Deciding, 'gateOf' | 'regions'> {
  regions: RegionState[];
  /** Keys of gates that were passed over. */
  overridden: string[];
  /** Set from a pause to the next resume, whatever happens in between. */
  isPaused: boolean;
  /** Regions whose undo is only tried. */
  rehearsing: RegionName[];
  /** The walk has begun: from now on it cannot fail any more as if nothing had been touched. */
  isTouched: boolean;
}

export const plan = 'a'.repeat(64);
export const regionNames = ['sydney', 'oslo'] as const;
export type RegionName = (typeof regionNames)[number];

const since = '2026-11-21T10:00:00.000Z';
const at = { environment: 'production', since, needs: 'something' };

/** Everything that it can wait for, one of each kind that decisions tell apart. */
export const waits = {
  'go-no-go': { ...at, gate: 'go-no-go', type: 'approval' },
  load: { ...at, gate: 'load', type: 'metric', region: 'sydney' },
  'black-friday': { ...at, gate: 'black-friday', type: 'freeze' },
  oslo: { ...at, gate: 'oslo', type: 'drained', region: 'oslo' },
} as const satisfies Record<string, WaitingFor>;
export type WaitName = keyof typeof waits;
export const waitNames = Object.keys(waits) as WaitName[];

const goNoGo = ApprovalGate.parse({ name: 'go-no-go', type: 'approval', roles: ['sre'], approvals: 2, notStarter: true });

export const scheduled: Played = {
  status: 'scheduled', waitingFor: [], startedBy: 'ana', plan, approvals: [], overrideRoles: ['admin'], next: 'global', overridden: [], rehearsing: [], isPaused: false, isTouched: false,
  regions: regionNames.map((region) => ({ environment: 'production', region, wave: 1, status: 'pending', release: null, previous: null, attempts: 0 })),
};

/** Takes a decision as the workflow does: the check first, then the move, then its effects. Throws what the check throws. */
export function decide(played: Played, kind: DecisionKind, decision: Decision): Played {
  checkDecision({ ...played, gateOf: ({ gate }) => (gate === goNoGo.name ? goNoGo : undefined) }, kind, decision);
  const decided = kind === 'abort' || kind === 'rollback' ? { ...played, goal: kind === 'abort' ? ('aborted' as const) : ('rolled-back' as const) } : played;
  const { to, effects } = moveRollout(played.status, kind)!;
  return effects.reduce((before, effect) => carryOut[effect](before, decision), { ...decided, status: to });
}

const carryOut: Record<RolloutEffect, (played: Played, decision: Decision) => Played> = {
  'start-now': (played) => played,
  'pause-regions': (played) => ({ ...played, isPaused: true }),
  'resume-regions': (played) => showWaiting({ ...played, isPaused: false }),
  'stop-walk': (played) => {
    const goesBack = (status: RegionStatus): boolean => status === 'soaking' || (status === 'live' && played.goal === 'rolled-back');
    return { ...played, waitingFor: [], rehearsing: [], regions: played.regions.map((each) => (goesBack(each.status) ? { ...each, status: 'rolling-back' } : each)) };
  },
  'note-approval': (played, decision) => {
    const waiting = waitingGate(played, 'approve', decision);
    const yes: Approval = { gate: gateKey(waiting), by: decision.by, at: since, plan: played.plan };
    const noted = { ...played, approvals: [...played.approvals, yes] };
    return isThrough(noted) ? leave(noted, waiting) : noted;
  },
  'note-rejection': (played) => ({ ...played, goal: 'aborted' }),
  'note-promotion': (played) => ({ ...played, promoteTo: played.next! }),
  'answer-soak': (played) => played, // no soak asks a person here
  'override-gate': (played, decision) => {
    const waiting = waitingGate(played, 'override', decision);
    return leave({ ...played, overridden: [...played.overridden, gateKey(waiting)] }, waiting);
  },
  'skip-drained': (played, decision) => leave(played, drainedRegion(played, decision)),
  'retry-undo': (played, decision) => answerStuck(played, decision),
  // Given up, it is no rehearsal any more.
  'skip-undo': (played, decision) => {
    const { region } = stuckRegion(played, decision);
    return answerStuck({ ...played, rehearsing: played.rehearsing.filter((each) => each !== region) }, decision);
  },
};

const isThrough = ({ approvals }: Played): boolean => isApproved(goNoGo, approvalsOf(approvals, gateKey(waits['go-no-go']), plan));

function answerStuck(played: Played, decision: Decision): Played {
  const answered = setRegion(played, stuckRegion(played, decision).region, 'rolling-back');
  return answered.regions.some(({ status }) => status === 'stuck') ? move(answered, 'undo-stuck') : answered;
}

/** An event that means nothing now changes nothing. */
const move = (played: Played, event: RolloutEvent): Played => ({ ...played, status: moveRollout(played.status, event)?.to ?? played.status });

const showWaiting = (played: Played): Played => (played.waitingFor.length > 0 ? move(played, 'gate-closed') : played);

function leave(played: Played, waiting: WaitingFor): Played {
  const left = { ...played, waitingFor: played.waitingFor.filter((each) => each !== waiting) };
  return left.waitingFor.length === 0 ? move(left, 'gates-open') : left;
}

const setRegion = (played: Played, name: string, status: RegionStatus): Played =>
  ({ ...played, regions: played.regions.map((each) => (each.region === name ? { ...each, status } : each)) });

/** What the world does to a rollout: its pipeline, its gates, its regions. */
export type Happening =
  | { what: 'due' | 'admit' | 'preflight-failed' | 'supersede' | 'finished' | 'all-back' }
  | { what: 'arrives' | 'opens' | 'expires'; wait: WaitName }
  | { what: RegionHappening; region: RegionName };
type RegionHappening = 'starts' | 'lives' | 'rehearses' | 'rehearsed' | 'fails' | 'sticks' | 'goes-back' | 'closed-by-hand';

const isAt = (played: Played, wait: WaitName): boolean => played.waitingFor.includes(waits[wait]);
const statusOf = (played: Played, region: RegionName): RegionStatus | undefined => played.regions.find((each) => each.region === region)?.status;
const isAtWork = (status: RegionStatus): boolean => ['soaking', 'rolling-back', 'stuck'].includes(status);
const hasBegun = ({ status }: Played): boolean => ['running', 'waiting', 'paused', 'held', 'rolling-back', 'stuck'].includes(status);

/** True when it is something that can happen to this rollout now. */
export function mayHappen(played: Played, happening: Happening): boolean {
  if ('wait' in happening) return mayMeet(played, happening);
  if ('region' in happening) return regionMay(played, happening);
  const { status, regions, goal } = played;
  switch (happening.what) {
    case 'due':
      return status === 'scheduled';
    case 'admit':
      return status === 'queued';
    case 'preflight-failed':
      return !played.isTouched && (status === 'running' || status === 'waiting' || status === 'paused');
    case 'finished':
      return status === 'running' && regions.every((each) => each.status === 'live');
    case 'all-back':
      return goal !== undefined && hasBegun(played) && !regions.some((each) => isAtWork(each.status));
    case 'supersede':
      return !regions.some((each) => isAtWork(each.status));
  }
}

function mayMeet(played: Played, { what, wait }: Extract<Happening, { wait: WaitName }>): boolean {
  if (what === 'opens') return isAt(played, wait) && wait !== 'go-no-go';
  if (what === 'expires') return isAt(played, wait) && (wait === 'go-no-go' || wait === 'load');
  const isOpen = played.overridden.includes(gateKey(waits[wait])) || (wait === 'go-no-go' && isThrough(played));
  return hasBegun(played) && played.goal === undefined && !isAt(played, wait) && !isOpen;
}

const mayStart = (played: Played): boolean =>
  (played.status === 'running' || played.status === 'waiting') && played.goal === undefined && !isAt(played, 'black-friday');

function regionMay(played: Played, { what, region }: Extract<Happening, { region: RegionName }>): boolean {
  const status = statusOf(played, region);
  if (status === undefined || !happensIn[what].includes(status)) return false;
  if (what === 'starts') return mayStart(played);
  const isRehearsal = played.rehearsing.includes(region);
  return what === 'rehearsed' ? isRehearsal : what !== 'goes-back' || !isRehearsal;
}

const happensIn: Record<RegionHappening, readonly RegionStatus[]> = {
  starts: ['pending', 'rolled-back', 'failed'],
  lives: ['soaking'],
  rehearses: ['soaking'],
  rehearsed: ['rolling-back'],
  fails: ['soaking'],
  sticks: ['soaking', 'rolling-back'],
  'goes-back': ['rolling-back'],
  'closed-by-hand': ['stuck'],
};

/** What the workflow does when it happens. */
export function happen(played: Played, happening: Happening): Played {
  if ('wait' in happening) return meet({ ...played, isTouched: true }, happening);
  if ('region' in happening) return regionDoes[happening.what]({ ...played, isTouched: true }, happening.region);
  if (happening.what === 'all-back') return move(played, played.goal === 'rolled-back' ? 'undone' : 'stopped');
  return move(played, happening.what);
}

function meet(played: Played, { what, wait }: Extract<Happening, { wait: WaitName }>): Played {
  if (what === 'arrives') return move({ ...played, waitingFor: [...played.waitingFor, waits[wait]] }, 'gate-closed');
  const left = leave(played, waits[wait]);
  return what === 'expires' ? move(left, 'gate-expired') : left;
}

function hasRehearsed(played: Played): Played {
  const event = played.goal === undefined ? afterRehearsal(played, played.isPaused) : undefined;
  const moved = event === undefined ? played : move(played, event);
  return event === 'rehearsed' ? showWaiting(moved) : moved;
}

const failed = (played: Played): Played => (played.goal === undefined ? move(played, 'region-failed') : played);

const regionDoes: Record<RegionHappening, (played: Played, region: RegionName) => Played> = {
  starts: (played, region) => setRegion(played, region, 'soaking'),
  lives: (played, region) => setRegion(played, region, 'live'),
  rehearses: (played, region) => ({ ...setRegion(played, region, 'rolling-back'), rehearsing: [...played.rehearsing, region] }),
  rehearsed: (played, region) => hasRehearsed(setRegion({ ...played, rehearsing: played.rehearsing.filter((each) => each !== region) }, region, 'soaking')),
  fails: (played, region) => failed(setRegion(played, region, 'rolled-back')),
  sticks: (played, region) => move(setRegion(played, region, 'stuck'), 'undo-stuck'),
  'goes-back': (played, region) => failed(setRegion(played, region, 'rolled-back')),
  'closed-by-hand': (played, region) => {
    const closed = setRegion({ ...played, rehearsing: played.rehearsing.filter((each) => each !== region) }, region, 'failed');
    return failed(closed.regions.some(({ status }) => status === 'stuck') ? closed : move(closed, 'unstuck'));
  },
};
