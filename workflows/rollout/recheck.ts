import { CancellationScope, condition, getExternalWorkflowHandle, isCancellation } from '@temporalio/workflow';
import { MeridianFailure } from '../../src/rollout/failure.js';
import { pipelineWorkflowId, stepKey } from '../../src/rollout/ids.js';
import { isSamePlace, placeKey, placeOf, type Place } from '../../src/rollout/places.js';
import { placesOfWalk } from '../../src/rollout/plan/plan-question.js';
import { placesOf } from '../../src/rollout/plan/plan.js';
import type { PlannedPhase } from '../../src/rollout/schema/plan.js';
import type { Release } from '../../src/rollout/schema/release.js';
import { regionSettings } from '../../src/rollout/document/settings.js';
import { failureOf, isExpected } from '../failures.js';
import { regionChangedSignal } from '../messages/pipeline.js';
import { tell } from '../tell.js';
import { steps } from '../timeouts.js';
import { move, note, now, setFailure, setRegion, tellPeople } from './record.js';
import { regionState, releaseAt, type RolloutRun } from './run.js';

interface Bad {
  place: Place;
  saw: string;
  /** What runs there; absent when nobody could say. */
  running?: Release | null;
}

/**
 * Looks again at every place of the phases before: is it still verified there, does it still run, is it healthy? What is not loses its
 * verification. Where this rollout has shipped it, the rollout is held, and ships it there again after a resume: false. A phase that was
 * verified before is another rollout's to mend, under a lock of its own: throws `PhaseNotVerified` where nothing has been changed yet.
 * True when all is as it was.
 */
export async function areStillGood(run: RolloutRun, phase: PlannedPhase): Promise<boolean> {
  const bad = (await Promise.all(placesBefore(run, phase).map((place) => look(run, place)))).flat();
  if (bad.length === 0) return true;
  for (const each of bad) await revoke(run, each);
  const words = bad.map(({ place, saw }) => `${placeKey(place)}: ${saw}`).join('; ');
  const message = `${run.input.release.version} may not enter ${phase.environment}: it is not verified any more where it was. ${words}`;
  if (run.finished.length === 0) throw new MeridianFailure('PhaseNotVerified', `${message}. Ship it again: it begins there.`);
  const cure = bad.every(({ place }) => isOurs(run, place)) ? 'Resume to ship it there again, or rollback or abort' : 'Rollback or abort, and ship it again: it begins there';
  await holdUntilResumed(run, phase, `${message}. ${cure}.`);
  run.entered = run.entered.filter((environment) => !bad.some(({ place }) => place.environment === environment));
  return false;
}

async function holdUntilResumed(run: RolloutRun, { environment }: PlannedPhase, message: string): Promise<void> {
  setFailure(run, { code: 'PhaseNotVerified', message });
  move(run, 'region-failed');
  note(run, { kind: 'held', environment, text: `held: ${message}` });
  tellPeople(run, 'held');
  await condition(() => run.view.status === 'running');
  if (CancellationScope.current().consideredCancelled) await condition(() => false);
}

/** Every place that had to be verified before this phase, shipped by this rollout or before it; none of what was passed over. */
function placesBefore({ plan, input: { document }, leftOut }: RolloutRun, phase: PlannedPhase): Place[] {
  const passed = [...plan.alreadyVerified, ...plan.phases.map(({ environment }) => environment)];
  const index = document.lifecycle.findIndex(({ environment }) => environment === phase.environment);
  return document.lifecycle.slice(0, index)
    .filter(({ environment, optional }) => !optional && passed.includes(environment))
    .flatMap((before) => placesOfWalk(document, before))
    .filter((place) => leftOut[placeKey(place)] === undefined);
}

const isOurs = (run: RolloutRun, place: Place): boolean => run.plan.phases.flatMap(placesOf).some((each) => isSamePlace(each, place));

async function look(run: RolloutRun, place: Place): Promise<Bad[]> {
  const { rollout, pipeline, document } = run.input;
  const release = releaseAt(run, place);
  try {
    const board = await steps.baseline({ pipeline, ...placeOf(place), not: release.version });
    if (board !== null && !board.isVerified) return [{ place, saw: 'it was taken back there' }];
    // Where a newer release has taken its place there is nothing to look at; where nobody serves it is looked at when it is back.
    if ((board !== null && board.onBoard.release !== release.version) || run.holds.drained[place.region] !== undefined) return [];
    const { isGood, saw, running } = await steps.recheckRegion.executeWithOptions(
      { summary: `does ${placeKey(place)} still run ${release.version}?` },
      [{
        ...placeOf(place), pipeline, rollout, release, previous: null, settings: regionSettings(document, place),
        key: stepKey(rollout, place, 0, 'recheck', 'do'),
      }],
    );
    return isGood ? [] : [{ place, saw, running }];
  } catch (error) {
    // Nobody can say that it is good: that is not a pass. A walk that was stopped meanwhile has seen nothing.
    if (isCancellation(error) || !isExpected(error)) throw error;
    return [{ place, saw: failureOf(error, `a look at ${placeKey(place)}`).message }];
  }
}

/** The place is not verified any more, here and on the board. */
async function revoke(run: RolloutRun, { place, saw, running = releaseAt(run, place) }: Bad): Promise<void> {
  const { rollout, pipeline } = run.input;
  const release = releaseAt(run, place);
  note(run, { kind: 'region', ...placeOf(place), text: `${placeKey(place)} is no longer verified: ${saw}` });
  if (isOurs(run, place)) setRegion(run, { ...regionState(run, place), status: 'failed', failure: { code: 'PhaseNotVerified', message: saw } });
  await tell(getExternalWorkflowHandle(pipelineWorkflowId(pipeline)), regionChangedSignal, {
    ...placeOf(place), rollout, at: now(), verified: false, status: running ? 'live' : 'empty', release: running, revoked: release.version,
  });
}
