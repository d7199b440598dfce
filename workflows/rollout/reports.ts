import { setHandler } from '@temporalio/workflow';
import type { RegionState, WaitingFor } from '../../src/rollout/schema/rollout.js';
import { regionReportSignal, type RegionReport } from '../messages/rollout.js';
import { placeKey, placeOf } from '../../src/rollout/places.js';
import { afterRehearsal } from '../../src/rollout/states/rehearsal.js';
import { comesFirst, holdsMore } from '../../src/rollout/states/recovery.js';
import type { RegionStatus } from '../../src/rollout/states/statuses.js';
import { compare } from './comparison.js';
import { decideByPolicy } from './decisions.js';
import { countCost } from './error-budget.js';
import { leaveGate, waitAt } from './gates.js';
import { move, note, setFailure, setRegion, tellPeople } from './record.js';
import { recover } from './recover.js';
import { regionState, type RolloutRun } from './run.js';

/** What region workflows tell while they work: the few changes that people, or other regions, must know of at once. */
export function takeReports(run: RolloutRun): void {
  setHandler(regionReportSignal, (report) => {
    receive(run, report);
    countCost(run, report.state);
  });
}

function receive(run: RolloutRun, { state, text, waitingFor, leftGate, asksComparison }: RegionReport): void {
  const before = regionState(run, state).status;
  noteProof(run, state);
  setRegion(run, state);
  note(run, { kind: kindOf(state.status), ...placeOf(state), text });
  if (asksComparison) compare(run, state);
  if (waitingFor) waitAt(run, waitingFor);
  if (waitingFor) tellOfDoubt(run, state, waitingFor);
  if (leftGate !== undefined) leaveGate(run, leftGate);
  if (state.status === 'stuck') undoStuck(run, state);
  // Once the walk is stopped there is nothing to hold: a report that was on its way by then must not stand in the way of the end.
  if (run.goal === undefined) takeStatus(run, state, before);
}

/** A time of day stays true for as long as nobody says otherwise. */
function noteProof(run: RolloutRun, state: RegionState): void {
  const key = placeKey(state);
  if (state.soak?.needs === undefined) delete run.provenBy[key];
  else run.provenBy[key] = new Date(Date.now() + state.soak.needs).toISOString();
}

/** What a soak cannot settle by itself: it is not the release, or nobody can say whether it is. */
const concernsPeople: readonly (string | undefined)[] = ['global-incident', 'no-reference'];

/** Once in a soak for each cause, whatever else the rollout stands at: what comes and goes would tell people each time. */
function tellOfDoubt(run: RolloutRun, { soak, ...state }: RegionState, { needs }: WaitingFor): void {
  const told = `${placeKey(state)} ${soak?.startedAt} ${soak?.cause}`;
  if (!concernsPeople.includes(soak?.cause) || run.told.has(told)) return;
  run.told.add(told);
  tellPeople(run, 'waiting', `The soak of ${placeKey(state)}: ${needs}`);
}

function takeStatus(run: RolloutRun, state: RegionReport['state'], before: RegionStatus): void {
  if (state.status === 'pending') hasRehearsed(run, state);
  if (state.status === 'soaking' && before === 'held') recover(run);
  // It stands still; or its own evidence sent it back, and others must not start now, though its undo is still running.
  if ((state.status === 'held' || state.status === 'rolling-back') && state.failure) regionFailed(run, state);
}

const kindOf = (status: RegionReport['state']['status']) => {
  if (status === 'held') return 'held' as const;
  if (status === 'gated') return 'gate' as const;
  return status === 'rolling-back' || status === 'stuck' ? ('undo' as const) : ('region' as const);
};

/** A region went back, or cannot go on: nothing new starts. What comes next is a person's, or the policy's, to say. */
export function regionFailed(run: RolloutRun, state: RegionReport['state']): void {
  const { status, failure: before } = run.view;
  const isNews = status !== 'held' || holdsMore(state.failure, before);
  if (state.failure && (status !== 'held' || comesFirst(state.failure, before))) setFailure(run, state.failure);
  move(run, 'region-failed');
  if (!isNews || run.view.status !== 'held') return;
  note(run, { kind: 'held', ...placeOf(state), text: `held: ${saidOf(state)}` });
  if (run.input.document.policy.onRegression === 'rollback' && state.failure?.code === 'RegionRegressed') {
    return decideByPolicy(run, 'rollback', `policy.onRegression: ${state.failure.message}`);
  }
  tellPeople(run, 'held', saidOf(state));
}

const saidOf = (state: RegionState): string => state.failure?.message ?? placeKey(state);

function hasRehearsed(run: RolloutRun, { failure: _mended, ...state }: RegionReport['state']): void {
  const event = afterRehearsal(run.view, run.isPaused);
  if (event === 'region-failed') regionFailed(run, state);
  if (event !== 'rehearsed') return;
  move(run, event);
  // While it was stuck others may have come to a gate.
  if (run.view.waitingFor.length > 0) move(run, 'gate-closed');
}

function undoStuck(run: RolloutRun, state: RegionReport['state']): void {
  if (state.failure) setFailure(run, state.failure);
  move(run, 'undo-stuck');
  tellPeople(run, 'stuck');
}
