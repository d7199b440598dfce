import { gateKey } from '../../src/rollout/control/gates.js';
import { gatesAt, gateSettings, regionSettings } from '../../src/rollout/document/settings.js';
import { deployUndo } from '../../src/rollout/states/undo.js';
import { isSamePlace, placeOf, type Place } from '../../src/rollout/places.js';
import type { Gate } from '../../src/rollout/schema/gate.js';
import type { RegionInput } from '../region/run.js';
import { hasEnoughApprovals } from './gates.js';
import type { Finished, RolloutRun } from './run.js';
import { regionHolds } from './sync-regions.js';

// Everything that the workflow of a region is handed when it starts.

/** Which attempt at a place this is. */
type Attempt = Pick<RegionInput, 'wave' | 'attempt' | 'rehearse'>;

/** For one attempt at a place. */
export function shipInput(run: RolloutRun, place: Place, attempt: Attempt): RegionInput {
  const { pipeline, rollout, release, document } = run.input;
  return {
    ...placeOf(place), ...attempt,
    pipeline, rollout, release,
    work: 'ship', migrations: [],
    plan: run.plan.hash,
    settings: regionSettings(document, place),
    gateSettings: gateSettings(document, { ...placeOf(place), regions: [place.region] }),
    staleBaseline: document.policy.staleBaseline,
    holds: regionHolds(run, place),
    ...leftBefore(run, place),
    ...gatesBehind(run, place),
  };
}

/** For the undo of a place: nothing soaks any more. */
export const undoInput = (run: RolloutRun, { wave, state, ...place }: Finished): RegionInput =>
  shipInput(run, place, { wave, attempt: state.attempts, rehearse: false });

/** What an attempt before this one has left to undo. */
function leftBefore(run: RolloutRun, place: Place): Pick<RegionInput, 'before'> {
  const left = run.finished.find((each) => isSamePlace(each, place))?.undo ?? [];
  const undo = deployUndo(left);
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
