import { ChildWorkflowCancellationType, isCancellation, ParentClosePolicy, startChild } from '@temporalio/workflow';
import { regionWorkflowId, stepKey } from '../../src/rollout/ids.js';
import type { RegionState } from '../../src/rollout/schema/rollout.js';
import { regionSettings } from '../../src/rollout/settings.js';
import { failureOf, isExpected } from '../failures.js';
import { region, undoRegion } from '../region.js';
import type { RegionInput, RegionResult } from '../region/run.js';
import { openGate } from './decisions.js';
import { move, note, setRegion } from './record.js';
import { regionFailed } from './reports.js';
import { keyOf, regionState, type Finished, type RolloutRun } from './run.js';

type Place = { environment: string; region: string };

/**
 * When a rollout is closed from outside, its regions are asked to stop, not killed: each undoes what it has half done. Cancelling
 * waits for that undo.
 */
const manners = {
  cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
  parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
};

/** One attempt at one region, to its end: live, gone back, or (its workflow lost) unknown and still to be undone. */
export async function shipRegion(run: RolloutRun, place: Place, wave: number): Promise<void> {
  const input = inputFor(run, place, wave, regionState(run, keyOf(place)).attempts + 1);
  setRegion(run, { ...freshState(input), status: 'deploying' });
  const result = await settled(run, input, async () => {
    const handle = await startChild(region, {
      ...manners,
      workflowId: regionWorkflowId(run.input.rollout, place.environment, place.region),
      args: [input],
      staticSummary: `${keyOf(place)}: ${run.input.release.version}, attempt ${input.attempt}`,
    });
    run.open[keyOf(place)] = handle;
    return handle.result();
  });
  finish(run, wave, result);
  if (result.state.status !== 'live' && run.goal === undefined) regionFailed(run, result.state);
}

/** The undo of one region that was live or whose state is not known. */
export async function undoFinished(run: RolloutRun, finished: Finished): Promise<void> {
  const input = inputFor(run, finished, finished.wave, finished.state.attempts);
  const before: RegionResult = { state: undoable(finished.state), undo: finished.undo };
  setRegion(run, { ...finished.state, status: 'rolling-back' });
  const result = await settled(run, input, async () => {
    const handle = await startChild(undoRegion, {
      ...manners,
      workflowId: `${regionWorkflowId(run.input.rollout, finished.environment, finished.region)}/undo`,
      args: [input, before],
      staticSummary: `undo ${run.input.release.version} in ${keyOf(finished)}`,
    });
    run.open[keyOf(finished)] = handle;
    return handle.result();
  });
  finish(run, finished.wave, result);
}

/** The undo begins from `live`, whatever a lost workflow last said of itself. */
const undoable = (state: RegionState): RegionState => ({ ...state, status: 'live' });

/** The result of a region workflow. One that was terminated, or failed by a bug, leaves the region unknown: it is to be undone too. */
async function settled(run: RolloutRun, input: RegionInput, work: () => Promise<RegionResult>): Promise<RegionResult> {
  try {
    return await work();
  } catch (error) {
    if (!isExpected(error) || (isCancellation(error) && run.open[keyOf(input)] === undefined)) throw error;
    return lost(run, input, error);
  } finally {
    delete run.open[keyOf(input)];
  }
}

function lost(run: RolloutRun, input: RegionInput, error: unknown): RegionResult {
  const { rollout, environment, region: name, attempt, release } = input;
  const key = stepKey(rollout, environment, name, attempt, 'deploy', 'undo');
  return {
    state: { ...regionState(run, keyOf(input)), status: 'failed', failure: failureOf(error, `the workflow of ${keyOf(input)}`) },
    undo: [{ step: 'deploy', from: release, previous: null, key }],
  };
}

function finish(run: RolloutRun, wave: number, { state, undo }: RegionResult): void {
  setRegion(run, state);
  // Answered, it would be going back already: its workflow was closed by hand, and asks nobody any more.
  if (run.view.status === 'stuck' && !run.view.regions.some((each) => each.status === 'stuck')) move(run, 'unstuck');
  run.view.waitingFor.filter((gate) => gate.region === state.region && gate.environment === state.environment).forEach((gate) => openGate(run, gate));
  run.finished = [
    ...run.finished.filter((each) => keyOf(each) !== keyOf(state)),
    { environment: state.environment, region: state.region, wave, undo, state },
  ];
  note(run, { kind: 'region', environment: state.environment, region: state.region, text: `${keyOf(state)} is ${state.status}` });
}

function inputFor(run: RolloutRun, place: Place, wave: number, attempt: number): RegionInput {
  const { pipeline, rollout, release, document } = run.input;
  return {
    pipeline, rollout, release, wave, attempt,
    environment: place.environment,
    region: place.region,
    settings: regionSettings(document, place.environment, place.region),
    paused: run.isPaused,
  };
}

const freshState = ({ environment, region: name, wave, attempt }: RegionInput): RegionState => ({
  environment, region: name, wave, status: 'pending', release: null, previous: null, attempts: attempt,
});
