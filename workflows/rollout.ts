import { allHandlersFinished, CancellationScope, condition, getExternalWorkflowHandle, isCancellation, setHandler } from '@temporalio/workflow';
import { pipelineWorkflowId } from '../src/rollout/ids.js';
import { refuseLostPhases } from '../src/rollout/plan.js';
import { isTerminal } from '../src/rollout/statuses.js';
import { failureOf, isExpected } from './failures.js';
import { admitSignal, lineSignal, planQuery, rolloutEndedSignal, rolloutQuery, timelineQuery, type RolloutView } from './messages.js';
import { decide, takeDecisions } from './rollout/decisions.js';
import { move, note, setFailure, tellPeople, viewOf } from './rollout/record.js';
import { takeReports } from './rollout/reports.js';
import { newRun, regionCount, regionState, type RolloutInput, type RolloutRun } from './rollout/run.js';
import { unwind } from './rollout/unwind.js';
import { mayStart, preflight, walk } from './rollout/walk.js';
import { tell } from './tell.js';

/** One release walks the lifecycle of one pipeline: queue, preflight, phases of waves of regions; or back again. */
export async function rollout(input: RolloutInput): Promise<RolloutView> {
  const run = openRollout(input);
  const shipping = tryToShip(run);
  // From here nothing is ever cancelled: the undo, the release of the environments, the last words.
  await CancellationScope.nonCancellable(async () => {
    await Promise.race([shipping, condition(() => onlyStuckIsLeft(run))]);
    if (run.goal !== undefined && !isTerminal(run.view.status)) await unwind(run, shipping);
    await close(run);
  });
  return viewOf(run);
}

/** The walk is stopped, and what still runs of it waits for a person: that must not keep the other regions from going back. */
const onlyStuckIsLeft = (run: RolloutRun): boolean =>
  run.goal !== undefined && Object.keys(run.open).length > 0 && Object.keys(run.open).every((key) => regionState(run, key).status === 'stuck');

function openRollout(input: RolloutInput): RolloutRun {
  const run = newRun(input);
  setHandler(rolloutQuery, () => viewOf(run));
  setHandler(timelineQuery, () => run.view.timeline);
  setHandler(planQuery, () => run.input.plan);
  setHandler(admitSignal, ({ verified }) => {
    run.verified = verified;
    move(run, 'admit');
  });
  setHandler(lineSignal, ({ behind }) => {
    run.behind = behind;
  });
  takeReports(run);
  takeDecisions(run);
  note(run, { kind: 'started', by: input.startedBy, text: `${input.rollout} ships ${input.release.version} to ${regionCount(run)} regions` });
  return run;
}

/** Goes forward until the end, or until somebody stops the walk. Cancelling the workflow from outside is an abort. */
async function tryToShip(run: RolloutRun): Promise<void> {
  try {
    await run.walk.run(() => ship(run));
  } catch (error) {
    if (!isCancellation(error)) throw error;
    if (run.goal === undefined) decide(run, 'abort', { by: 'someone in Temporal', roles: [], reason: 'the workflow was cancelled' });
  }
}

async function ship(run: RolloutRun): Promise<void> {
  await condition(() => run.view.status !== 'queued');
  if (isTerminal(run.view.status) || !(await passPreflight(run))) return;
  await walk(run);
  await mayStart(run); // paused in the very last moment, it ends when it is resumed
  move(run, 'finished');
}

async function passPreflight(run: RolloutRun): Promise<boolean> {
  try {
    if (run.verified) refuseLostPhases(run.input.plan, run.input.document, run.verified);
    await preflight(run);
    return true;
  } catch (error) {
    if (isCancellation(error) || !isExpected(error)) throw error;
    setFailure(run, failureOf(error, 'preflight'));
    move(run, 'preflight-failed');
    return false;
  }
}

/** Frees the environments, tells people, and waits for everything that is still on its way. */
async function close(run: RolloutRun): Promise<void> {
  const { status } = run.view;
  note(run, { kind: 'finished', text: viewOf(run).why });
  await tell(getExternalWorkflowHandle(pipelineWorkflowId(run.input.pipeline)), rolloutEndedSignal, { rollout: run.input.rollout, status });
  if (status === 'succeeded' || status === 'rolled-back' || status === 'aborted' || status === 'failed') tellPeople(run, status);
  await Promise.all(run.notices);
  await condition(allHandlersFinished);
}
