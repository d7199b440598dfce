import { getExternalWorkflowHandle } from '@temporalio/workflow';
import type { Control } from '../../activities/work.js';
import { regionSettings } from '../../src/rollout/document/settings.js';
import { carriedAfter, type Carried } from '../../src/rollout/evidence/carried.js';
import { neighboursOf, type Walking } from '../../src/rollout/evidence/neighbours.js';
import { regionWorkflowId } from '../../src/rollout/ids.js';
import { isSamePlace, placeKey, placeOf, type Place } from '../../src/rollout/places.js';
import { controlsFor } from '../../src/rollout/plan/controls.js';
import type { RegionState } from '../../src/rollout/schema/rollout.js';
import { comparisonSignal } from '../messages/region.js';
import { tell } from '../tell.js';
import { leftOf } from './error-budget.js';
import type { RolloutRun } from './run.js';

/**
 * Tells a region what its soak is compared with, as things are when it begins: before that it may have waited at a gate, or for a freeze to
 * end, while others were shipped.
 */
export function compare(run: RolloutRun, state: RegionState): void {
  if (state.soak === undefined) return;
  const place = placeOf(state);
  const carried = carriedTo(run, place);
  run.carried[placeKey(place)] = carried;
  // By its name: its start may not have been answered yet.
  void tell(getExternalWorkflowHandle(regionWorkflowId(run.input.rollout, place)), comparisonSignal, {
    soak: state.soak.startedAt, controls: controlsOf(run, place, state.wave), carried, budgetLeft: leftOf(run),
  });
}

/** The places that the soak is compared with, and how each of them is asked. */
function controlsOf(run: RolloutRun, place: Place, wave: number): Control[] {
  const { document } = run.input;
  const { soak, checks } = regionSettings(document, place);
  const neighbours = neighboursOf(place, wave, walking(run));
  return controlsFor(place, neighbours, { nowMs: Date.now(), soakMs: soak.durationMs }, document).flatMap((control) => {
    const { metrics, variables } = regionSettings(document, control);
    if (metrics === null) return [];
    const questions = JSON.stringify([metrics, checks]);
    const release = neighbours.find((each) => isSamePlace(each, control))?.release ?? null;
    // Only those that the questions name: eight times all of them may be more than Temporal takes.
    return [{ ...control, metrics, release, variables: variables.filter(({ name }) => questions.includes(name)) }];
  });
}

const walking = ({ input, plan, admission, holds, view, open, leftOut }: RolloutRun): Walking => ({
  document: input.document, phases: plan.phases, board: admission?.board ?? [], drained: holds.drained, regions: view.regions,
  atWork: Object.keys(open), leftOut: Object.keys(leftOut),
});

/** Evidence of the regions of the same environment that have passed. One that was taken back, or is shipped again, has not. */
const carriedTo = ({ finished }: RolloutRun, place: Place): Carried =>
  carriedAfter(finished
    .filter((each) => each.environment === place.environment && each.state.status === 'live' && placeKey(each) !== placeKey(place))
    .map(({ carried, state }) => ({ carried, checks: state.soak?.checks ?? [] })));
