import { allHandlersFinished, CancellationScope, condition, getExternalWorkflowHandle, isCancellation, setHandler } from '@temporalio/workflow';
import { MeridianFailure } from '../src/rollout/failure.js';
import { pipelineWorkflowId } from '../src/rollout/ids.js';
import { placeKey, placeOf } from '../src/rollout/places.js';
import { isTerminal } from '../src/rollout/states/statuses.js';
import { rolloutEndedSignal } from './messages/pipeline.js';
import {
  admitSignal, holdsSignal, lineSignal, planQuery, refuseSignal, rolloutQuery, supersedeSignal, timelineQuery, type Holds,
  type RolloutView,
} from './messages/rollout.js';
import { passPreflight, untilDue } from './rollout/begin.js';
import { decide, takeDecisions } from './rollout/decisions.js';
import { followHolds } from './rollout/follow-holds.js';
import { change, move, note, setFailure, tellPeople, viewOf } from './rollout/record.js';
import { recover } from './rollout/recover.js';
import { takeReports } from './rollout/reports.js';
import { newRun, placeCount, type RolloutInput, type RolloutRun } from './rollout/run.js';
import { syncRegions } from './rollout/sync-regions.js';
import { makeWay, supersede } from './rollout/supersede.js';
import { unwind } from './rollout/unwind.js';
import { mayStart } from './rollout/may-start.js';
import { walk } from './rollout/walk.js';
import { watchOn } from './rollout/watch-on.js';
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
  run.goal !== undefined && run.view.regions.some(({ status }) => status === 'stuck') && Object.keys(run.open).length > 0
  && run.view.regions.every((region) => run.open[placeKey(region)] === undefined || region.status === 'stuck');

function openRollout(input: RolloutInput): RolloutRun {
  const run = newRun(input);
  setHandler(rolloutQuery, () => viewOf(run));
  setHandler(timelineQuery, () => run.view.timeline);
  setHandler(planQuery, () => run.plan);
  setHandler(admitSignal, (admission) => {
    run.admission = admission;
    takeHolds(run, admission.holds);
    move(run, 'admit');
  });
  setHandler(holdsSignal, (holds) => takeHolds(run, holds));
  setHandler(supersedeSignal, ({ by }) => supersede(run, by));
  setHandler(refuseSignal, (failure) => {
    setFailure(run, failure);
    move(run, 'preflight-failed');
  });
  setHandler(lineSignal, ({ behind }) => {
    run.behind = behind;
  });
  takeReports(run);
  takeDecisions(run);
  note(run, { kind: 'started', by: input.startedBy, text: `${input.rollout} ${deedOf(run, placeCount(run))}` });
  for (const { by, what, reason } of input.overrides) note(run, { kind: 'override', by, text: `override of ${what}: ${reason}` });
  return run;
}

function deedOf({ input: { release }, schema: { contract } }: RolloutRun, places: number): string {
  return contract === undefined ? `ships ${release.version} to ${places} places` : `takes the old shape of ${contract.join(' and ')} away in ${places} places`;
}

/** Holds reach the regions at work too: their clocks stand still. */
function takeHolds(run: RolloutRun, holds: Holds): void {
  const wasBlocked = run.holds.block !== null;
  run.holds = holds;
  syncRegions(run);
  // What held it besides may be over by now.
  if (wasBlocked && holds.block === null) recover(run);
}

/** Goes forward until the end, or until somebody stops the walk. Cancelling the workflow from outside is an abort. */
async function tryToShip(run: RolloutRun): Promise<void> {
  try {
    await run.walk.run(() => ship(run));
  } catch (error) {
    if (!isCancellation(error)) throw error;
    if (run.goal === undefined && !isTerminal(run.view.status)) {
      decide(run, 'abort', { by: 'someone in Temporal', roles: [], reason: 'the workflow was cancelled' });
    }
  }
}

async function ship(run: RolloutRun): Promise<void> {
  await untilDue(run);
  await condition(() => run.view.status !== 'queued');
  if (isTerminal(run.view.status) || !(await passPreflight(run))) return;
  await beside([() => followHolds(run), () => makeWay(run)], () => walkToTheEnd(run));
}

async function walkToTheEnd(run: RolloutRun): Promise<void> {
  try {
    await walk(run);
  } catch (error) {
    if (!(error instanceof MeridianFailure)) throw error;
    return endUntouched(run, error);
  }
  await mayStart(run, []); // paused in the very last moment, it ends when it is resumed
  change(run, { waitingFor: [] }); // a freeze that came in that moment finds nothing left to hold
  move(run, 'gates-open');
  move(run, 'finished');
}

/** The walk cannot begin: what it builds on was lost before it has changed anything. */
function endUntouched(run: RolloutRun, { code, message }: MeridianFailure): void {
  setFailure(run, { code, message });
  change(run, { waitingFor: [] });
  move(run, 'preflight-failed');
}

/** Runs `work` to its end, with others beside it that end when it does. */
async function beside(others: (() => Promise<unknown>)[], work: () => Promise<void>): Promise<void> {
  const scope = new CancellationScope({ cancellable: true });
  const company = Promise.all(others.map((other) => scope.run(other).catch((error: unknown) => {
    if (!isCancellation(error)) throw error;
  })));
  try {
    await work();
  } finally {
    scope.cancel();
    await company;
  }
}

/** Frees the environments, tells people, and waits for everything that is still on its way. */
async function close(run: RolloutRun): Promise<void> {
  const { status } = run.view;
  // A bug of ours: the task fails, and a mended worker goes on from here. A rollout never ends with a status that is no end.
  if (!isTerminal(status)) throw new RangeError(`the story of ${run.input.rollout} is over, and it is ${status}`);
  run.watched = await watchOn(run);
  note(run, { kind: 'finished', text: viewOf(run).why });
  await tell(getExternalWorkflowHandle(pipelineWorkflowId(run.input.pipeline)), rolloutEndedSignal, {
    rollout: run.input.rollout, status, watched: run.watched, owed: status === 'succeeded' && run.schema.contract === undefined ? Object.values(run.leftOut).map(placeOf) : [],
    ...(status === 'succeeded' && run.promotion && { promote: run.promotion }),
  });
  if (status === 'succeeded' || status === 'rolled-back' || status === 'aborted' || status === 'failed') tellPeople(run, status);
  await Promise.all(run.notices);
  await condition(allHandlersFinished);
}
