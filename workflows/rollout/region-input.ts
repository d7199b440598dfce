import { carriedAfter, type Carried } from '../../src/rollout/evidence/carried.js';
import { neighboursOf, type Walking } from '../../src/rollout/evidence/neighbours.js';
import { controlsFor } from '../../src/rollout/plan/controls.js';
import { gateKey } from '../../src/rollout/control/gates.js';
import { gatesAt, gateSettings, regionSettings, type RegionSettings } from '../../src/rollout/document/settings.js';
import { isSamePlace, placeKey, placeOf, type Place } from '../../src/rollout/places.js';
import type { Control } from '../../activities/work.js';
import type { Gate } from '../../src/rollout/schema/gate.js';
import type { RegionInput } from '../region/run.js';
import { leftOf } from './error-budget.js';
import { hasEnoughApprovals } from './gates.js';
import type { Finished, RolloutRun } from './run.js';
import { regionHolds } from './sync-regions.js';

// Everything that the workflow of a region is handed when it starts.

/** Which attempt at a place this is. */
type Attempt = Pick<RegionInput, 'wave' | 'attempt' | 'rehearse'>;

/** For one attempt at a place: with what its soak is compared with, and what is known of the release from the regions before. */
export function shipInput(run: RolloutRun, place: Place, attempt: Attempt): RegionInput {
  const input = undone(run, place, attempt);
  return {
    ...input,
    controls: controlsOf(run, place, attempt.wave, input.settings),
    carried: carriedTo(run, place),
    budgetLeft: leftOf(run),
  };
}

/** For the undo of a place: nothing soaks any more. */
export const undoInput = (run: RolloutRun, { wave, state, ...place }: Finished): RegionInput =>
  undone(run, place, { wave, attempt: state.attempts, rehearse: false });

function undone(run: RolloutRun, place: Place, attempt: Attempt): RegionInput {
  const { pipeline, rollout, release, document } = run.input;
  return {
    ...placeOf(place), ...attempt,
    pipeline, rollout, release,
    plan: run.plan.hash,
    controls: [], carried: {}, budgetLeft: null,
    settings: regionSettings(document, place),
    gateSettings: gateSettings(document, { ...placeOf(place), regions: [place.region] }),
    staleBaseline: document.policy.staleBaseline,
    holds: regionHolds(run, place),
    ...leftBefore(run, place),
    ...gatesBehind(run, place),
  };
}

/** The places that the soak is compared with, and how each of them is asked. */
function controlsOf(run: RolloutRun, place: Place, wave: number, { soak, checks }: RegionSettings): Control[] {
  const { document } = run.input;
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

/** What an attempt before this one has left to undo. */
function leftBefore(run: RolloutRun, place: Place): Pick<RegionInput, 'before'> {
  const undo = run.finished.find((each) => isSamePlace(each, place))?.undo.at(-1);
  return undo === undefined ? {} : { before: { previous: undo.previous, ...(undo.isAccepted && { isAccepted: true }) } };
}

/** Region gates that were opened for this place before, and under this plan: another attempt does not ask again. */
function gatesBehind(run: RolloutRun, place: Place): { approved: string[]; overridden: string[] } {
  const gates = gatesAt(run.input.document, place.environment, 'region');
  const keyOf = (gate: Gate): string => gateKey({ ...placeOf(place), gate: gate.name });
  return {
    approved: gates.filter((gate) => gate.type === 'approval' && hasEnoughApprovals(run, gate, keyOf(gate))).map(({ name }) => name),
    overridden: gates.filter((gate) => run.overridden.includes(keyOf(gate))).map(({ name }) => name),
  };
}
