import { CancellationScope, condition, getExternalWorkflowHandle } from '@temporalio/workflow';
import { pipelineWorkflowId, stepKey } from '../../src/rollout/ids.js';
import { isSamePlace, placeKey, placeOf, type Place } from '../../src/rollout/places.js';
import { planRollout, placesOf } from '../../src/rollout/plan/plan.js';
import { placesOfWalk } from '../../src/rollout/plan/plan-question.js';
import type { PlannedPhase } from '../../src/rollout/schema/plan.js';
import type { Release } from '../../src/rollout/schema/release.js';
import { regionSettings } from '../../src/rollout/document/settings.js';
import { failureOf, isExpected } from '../failures.js';
import { regionChangedSignal } from '../messages.js';
import { tell } from '../tell.js';
import { steps } from '../timeouts.js';
import { move, note, now, setFailure, setPlan, setRegion, tellPeople } from './record.js';
import { regionState, type RolloutRun } from './run.js';

interface Bad {
  place: Place;
  saw: string;
  /** What runs there; absent when nobody could say. */
  running?: Release | null;
}

/**
 * Looks again at every place of the phase before: does it still run the release, and is it healthy? What is not loses its verification,
 * and the rollout is held; after a resume the plan has those places in it again. True when all is as it was.
 */
export async function areStillGood(run: RolloutRun, phase: PlannedPhase): Promise<boolean> {
  const bad = (await Promise.all(placesBefore(run, phase).map((place) => look(run, place)))).flat();
  if (bad.length === 0) return true;
  const words = bad.map(({ place, saw }) => `${placeKey(place)}: ${saw}`).join('; ');
  for (const each of bad) await revoke(run, each);
  setFailure(run, {
    code: 'PhaseNotVerified',
    message: `${run.input.release.version} may not enter ${phase.environment}: it was verified before, and is not any more. ${words}. Resume to ship it there again, or rollback or abort.`,
  });
  move(run, 'region-failed');
  note(run, { kind: 'held', environment: phase.environment, text: `held: ${run.view.failure?.message}` });
  tellPeople(run, 'held');
  await condition(() => run.view.status === 'running');
  if (CancellationScope.current().consideredCancelled) await condition(() => false);
  planAgain(run, bad.map(({ place }) => place));
  return false;
}

/** The places of the environment that stands before this phase in the walk, shipped by this rollout or before it. */
function placesBefore(run: RolloutRun, phase: PlannedPhase): Place[] {
  const index = run.plan.phases.findIndex(({ environment }) => environment === phase.environment);
  const shipped = run.plan.phases[index - 1];
  if (shipped !== undefined) return placesOf(shipped).filter((place) => run.leftOut[placeKey(place)] === undefined);
  const environment = run.plan.alreadyVerified.at(-1);
  const before = run.input.document.lifecycle.find((each) => each.environment === environment);
  // Where a newer release has taken its place meanwhile there is nothing to look at: it was verified, and it was not taken back.
  return before === undefined ? [] : placesOfWalk(run.input.document, before).filter((place) => isOnBoard(run, place));
}

const isOnBoard = ({ admission, input }: RolloutRun, place: Place): boolean =>
  admission?.board.some((cell) => isSamePlace(cell, place) && cell.release === input.release.version) ?? false;

async function look(run: RolloutRun, place: Place): Promise<Bad[]> {
  const { rollout, pipeline, document, release } = run.input;
  try {
    const { isGood, saw, running } = await steps.recheckRegion.executeWithOptions(
      { summary: `does ${placeKey(place)} still run ${release.version}?` },
      [{
        ...placeOf(place), pipeline, rollout, release, previous: null, settings: regionSettings(document, place),
        key: stepKey(rollout, place, 0, 'recheck', 'do'),
      }],
    );
    return isGood ? [] : [{ place, saw, running }];
  } catch (error) {
    // Nobody can say that it is good: that is not a pass.
    if (!isExpected(error)) throw error;
    return [{ place, saw: failureOf(error, `a look at ${placeKey(place)}`).message }];
  }
}

/** The place is not verified any more, here and on the board. */
async function revoke(run: RolloutRun, { place, saw, running = run.input.release }: Bad): Promise<void> {
  const { rollout, pipeline, release } = run.input;
  note(run, { kind: 'region', ...placeOf(place), text: `${placeKey(place)} is no longer verified: ${saw}` });
  if (run.admission) {
    const { [placeKey(place)]: _lost, ...verified } = run.admission.verified;
    run.admission = { ...run.admission, verified };
  }
  const state = run.view.regions.some((each) => placeKey(each) === placeKey(place)) ? regionState(run, place) : undefined;
  if (state) setRegion(run, { ...state, status: 'failed', failure: { code: 'PhaseNotVerified', message: saw } });
  await tell(getExternalWorkflowHandle(pipelineWorkflowId(pipeline)), regionChangedSignal, {
    ...placeOf(place), rollout, at: now(), verified: false, status: running ? 'live' : 'empty', release: running, revoked: release.version,
  });
}

/** The walk begins again where the release was lost. What this rollout has shipped itself only needs another round. */
function planAgain(run: RolloutRun, lost: Place[]): void {
  run.entered = run.entered.filter((environment) => !lost.some((place) => place.environment === environment));
  const isOurs = (place: Place): boolean => run.plan.phases.flatMap(placesOf).some((each) => placeKey(each) === placeKey(place));
  if (lost.every(isOurs) || run.admission === undefined) return;
  const { document, revision, release, options } = run.input;
  const { verified, board } = run.admission;
  setPlan(run, planRollout({
    document, revision, release: release.version, options, verified, board, drained: run.holds.drained,
  }), `${lost.map(placeKey).join(' and ')} must be shipped again`);
}
