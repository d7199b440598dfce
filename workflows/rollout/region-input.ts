import { gateKey } from '../../src/rollout/control/gates.js';
import { gatesAt, gateSettings, regionSettings } from '../../src/rollout/document/settings.js';
import type { RegionUndo } from '../../src/rollout/states/undo.js';
import { phaseAt, toExpand } from '../../src/rollout/migrations/compatible.js';
import { isSamePlace, placeKey, placeOf, type Place } from '../../src/rollout/places.js';
import type { Gate } from '../../src/rollout/schema/gate.js';
import type { RegionInput } from '../region/run.js';
import { hasEnoughApprovals } from './gates.js';
import { regionState, releaseAt, type Finished, type RolloutRun } from './run.js';
import { regionHolds } from './sync-regions.js';

// Everything that the workflow of a region is handed when it starts.

/** Which attempt at a place this is. */
type Attempt = Pick<RegionInput, 'wave' | 'attempt' | 'rehearse'>;

/** For one attempt at a place. */
export function shipInput(run: RolloutRun, place: Place, attempt: Attempt): RegionInput {
  const { pipeline, rollout, document, createdAt } = run.input;
  return {
    ...placeOf(place), ...attempt,
    pipeline, rollout,
    claimant: `${rollout} of ${createdAt}`,
    release: releaseAt(run, place),
    ...(run.expanded[placeKey(place)] === undefined ? schemaWorkAt(run, place) : { work: 'ship' as const, migrations: [], lacking: [] }),
    plan: run.plan.hash,
    settings: regionSettings(document, place),
    gateSettings: gateSettings(document, { ...placeOf(place), regions: [place.region] }),
    staleBaseline: document.policy.staleBaseline,
    holds: regionHolds(run, place),
    left: leftBefore(run, place),
    ...gatesBehind(run, place),
  };
}

/** For the undo of a place: nothing soaks any more. */
export const undoInput = (run: RolloutRun, { wave, state, ...place }: Finished): RegionInput =>
  ({ ...shipInput(run, place, { wave, attempt: state.attempts, rehearse: false }), ...schemaWorkAt(run, place) });

/** For the schema of a place alone, ahead of its code. */
export const expandInput = (run: RolloutRun, place: Place): RegionInput => {
  const { wave, attempts } = regionState(run, place);
  return { ...shipInput(run, place, { wave, attempt: attempts, rehearse: false }), ...schemaWorkAt(run, place), work: 'expand' };
};

/**
 * What is to be done to the schema there, as things were when the rollout was let in: nobody else has changed it since. What is expanded already
 * is handed over too: another place may have done that, and this one must claim it.
 */
function schemaWorkAt({ input: { release }, schema }: RolloutRun, place: Place): Pick<RegionInput, 'work' | 'migrations' | 'lacking'> {
  const found = schema.places[placeKey(place)] ?? {};
  const { contract } = schema;
  const isMeant = (name: string): boolean =>
    (contract === undefined ? phaseAt(found, name) !== 'contracted' : contract.includes(name) && ['expanded', 'contracting'].includes(phaseAt(found, name) ?? ''));
  return {
    work: contract === undefined ? 'ship' : 'contract',
    migrations: schema.migrations.filter(({ name }) => isMeant(name)),
    lacking: contract === undefined ? toExpand(release, found) : [],
  };
}

/** What attempts before this one have left to undo: it goes on from there, and whatever ends it takes that back too. */
const leftBefore = (run: RolloutRun, place: Place): RegionUndo[] => run.finished.find((each) => isSamePlace(each, place))?.undo ?? [];

/** Region gates that were opened for this place before, and under this plan: another attempt does not ask again. */
function gatesBehind(run: RolloutRun, place: Place): { approved: string[]; overridden: string[] } {
  const gates = gatesAt(run.input.document, place.environment, 'region');
  const keyOf = (gate: Gate): string => gateKey({ ...placeOf(place), gate: gate.name });
  return {
    approved: gates.filter((gate) => gate.type === 'approval' && hasEnoughApprovals(run, gate, keyOf(gate))).map(({ name }) => name),
    overridden: gates.filter((gate) => run.overridden.includes(keyOf(gate))).map(({ name }) => name),
  };
}
