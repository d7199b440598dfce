import { ChildWorkflowCancellationType, isCancellation, ParentClosePolicy, startChild } from '@temporalio/workflow';
import { gateKey } from '../../src/rollout/control/gates.js';
import { regionWorkflowId, stepKey } from '../../src/rollout/ids.js';
import { isOneWay, namesOf } from '../../src/rollout/migrations/known.js';
import { isSamePlace, placeKey, placeOf, type Place } from '../../src/rollout/places.js';
import type { RegionState } from '../../src/rollout/schema/rollout.js';
import { deployUndo, type RegionUndo } from '../../src/rollout/states/undo.js';
import { failureOf, isExpected } from '../failures.js';
import { region, undoRegion } from '../region.js';
import type { RegionInput, RegionResult } from '../region/run.js';
import { countCost } from './error-budget.js';
import { leaveGate } from './gates.js';
import { move, note, setRegion } from './record.js';
import { expandInput, shipInput, undoInput } from './region-input.js';
import { regionFailed } from './reports.js';
import { regionState, type Finished, type RolloutRun } from './run.js';
import { openRegion } from './sync-regions.js';

/**
 * When a rollout is closed from outside, its regions are asked to stop, not killed: each undoes what it has half done. Cancelling
 * waits for that undo.
 */
const manners = {
  cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
  parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
};

/** One attempt at one place, to its end: live, gone back, left to a newer rollout, or (its workflow lost) unknown and still to be undone. */
export async function shipRegion(run: RolloutRun, place: Place, wave: number, rehearse: boolean): Promise<void> {
  const input = shipInput(run, place, { wave, attempt: regionState(run, place).attempts + 1, rehearse });
  setRegion(run, { ...freshState(input), status: input.work === 'contract' ? 'contracting' : 'deploying' });
  const result = await settled(run, input, async () => {
    const handle = await startChild(region, {
      ...manners,
      workflowId: regionWorkflowId(run.input.rollout, place),
      args: [input],
      staticSummary: `${placeKey(place)}: ${run.input.release.version}, attempt ${input.attempt}`,
    });
    openRegion(run, { handle, place, told: JSON.stringify(input.holds) });
    return handle.result();
  });
  finish(run, input, result);
  // Taken back without a failure, it was left to somebody: a newer rollout, or a person who goes on without it.
  const isLeft = result.state.status === 'rolled-back' && result.state.failure === undefined;
  if (!['live', 'superseded', 'skipped'].includes(result.state.status) && !isLeft && run.goal === undefined) regionFailed(run, result.state);
  countCost(run, result.state);
}

/** The schema of a place, ahead of its code: what it leaves to undo is kept apart, and undone when all code is back. */
export async function expandRegion(run: RolloutRun, place: Place): Promise<void> {
  const input = expandInput(run, place);
  setRegion(run, { ...regionState(run, place), status: 'expanding' });
  const { state, undo } = await settled(run, input, async () => {
    const handle = await startChild(region, {
      ...manners,
      workflowId: `${regionWorkflowId(run.input.rollout, place)}/expand`,
      args: [input],
      staticSummary: `${placeKey(place)}: expand ${namesOf(input.migrations).join(', ')}`,
    });
    openRegion(run, { handle, place, told: JSON.stringify(input.holds) });
    return handle.result();
  });
  setRegion(run, state);
  unstick(run);
  // A lost one may have expanded, and is looked at again: what is done is done.
  if (state.status === 'pending') run.expanded[placeKey(place)] = { ...placeOf(place), wave: input.wave, undo, state, carried: {} };
  else if (state.status !== 'skipped' && run.goal === undefined) regionFailed(run, state);
}

/** The undo of one place that was live or whose state is not known. */
export async function undoFinished(run: RolloutRun, finished: Finished): Promise<void> {
  const input = undoInput(run, finished);
  const before: RegionResult = { state: undoable(finished.state), undo: finished.undo };
  setRegion(run, { ...finished.state, status: 'rolling-back' });
  const result = await settled(run, input, async () => {
    const handle = await startChild(undoRegion, {
      ...manners,
      workflowId: `${regionWorkflowId(run.input.rollout, finished)}/undo`,
      args: [input, before],
      staticSummary: `undo ${run.input.release.version} in ${placeKey(finished)}`,
    });
    openRegion(run, { handle, place: placeOf(finished), told: JSON.stringify(input.holds) });
    return handle.result();
  });
  finish(run, input, result);
}

/** The undo begins from `live`, whatever a lost workflow last said of itself. */
const undoable = (state: RegionState): RegionState => ({ ...state, status: 'live' });

/** The result of a region workflow. One that was terminated, or failed by a bug, leaves the region unknown: it is to be undone too. */
async function settled(run: RolloutRun, input: RegionInput, work: () => Promise<RegionResult>): Promise<RegionResult> {
  try {
    return await work();
  } catch (error) {
    if (!isExpected(error) || (isCancellation(error) && run.open[placeKey(input)] === undefined)) throw error;
    return lost(run, input, error);
  } finally {
    delete run.open[placeKey(input)];
  }
}

const lost = (run: RolloutRun, input: RegionInput, error: unknown): RegionResult => ({
  state: { ...regionState(run, input), status: 'failed', failure: failureOf(error, `the workflow of ${placeKey(input)}`) },
  undo: undoOfLost(input),
});

/** Whatever it may have done, and what was left before it. */
function undoOfLost({ work, migrations, left, rollout, attempt, release, ...place }: RegionInput): RegionUndo[] {
  const reversible = namesOf(migrations.filter((migration) => !isOneWay(migration)));
  if (work === 'contract') return reversible.length === 0 ? [] : [{ step: 'contract', migrations: reversible }];
  const expand: RegionUndo[] = migrations.length === 0 ? [] : [{ step: 'expand', migrations: namesOf(migrations) }];
  if (work === 'expand') return expand;
  const before = deployUndo(left);
  return [...expand, before ?? { step: 'deploy', from: release, previous: null, key: stepKey(rollout, place, attempt, 'deploy', 'undo') }];
}

function finish(run: RolloutRun, { wave }: RegionInput, { state, undo }: RegionResult): void {
  setRegion(run, state);
  unstick(run);
  const gates = run.view.waitingFor.filter((gate) => gate.region !== undefined && isSamePlace({ ...gate, region: gate.region }, state));
  gates.forEach((gate) => leaveGate(run, gateKey(gate)));
  const place = placeOf(state);
  run.finished = [...run.finished.filter((each) => !isSamePlace(each, place)), { ...place, wave, undo, state, carried: run.carried[placeKey(place)] ?? {} }];
  note(run, { kind: 'region', ...place, text: `${placeKey(state)} is ${state.status}` });
}

/** Answered, it would be going back already: its workflow was closed by hand, and asks nobody any more. */
function unstick(run: RolloutRun): void {
  if (run.view.status === 'stuck' && !run.view.regions.some((each) => each.status === 'stuck')) move(run, 'unstuck');
}

const freshState = (input: RegionInput): RegionState => ({
  ...placeOf(input), wave: input.wave, status: 'pending', release: null, previous: null, attempts: input.attempt,
});
