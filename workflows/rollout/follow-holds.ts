import { condition } from '@temporalio/workflow';
import { blockedMessage } from '../../src/rollout/control/blocks.js';
import { freezesAt } from '../../src/rollout/control/freezes.js';
import { placeKey, placeOf, type Place } from '../../src/rollout/places.js';
import { placesOf } from '../../src/rollout/plan/plan.js';
import type { WaitingFor } from '../../src/rollout/schema/rollout.js';
import { untilFreezesChange, type Frozen } from '../holds.js';
import { change, move, note, now, setFailure, tellPeople } from './record.js';
import { regionState, type RolloutRun } from './run.js';

/**
 * Keeps what people see in step with what holds the rollout: freezes that come, go, begin or end become lines of what it waits for, and a
 * block holds it. Runs beside the walk, and wakes it when a freeze ends by the clock.
 */
export async function followHolds(run: RolloutRun): Promise<never> {
  for (;;) {
    const shown = signature(run);
    showHolds(run);
    holdBlocked(run);
    const changeMs = untilFreezesChange(frozen(run));
    const hasChanged = (): boolean => signature(run) !== shown;
    if (changeMs === undefined) await condition(hasChanged);
    else await condition(hasChanged, changeMs, { summary: 'a freeze begins or ends' });
  }
}

/** Everything that what is shown depends on but the clock. */
function signature(run: RolloutRun): string {
  const { freezes, block } = run.holds;
  const places = freezes.length === 0 ? [] : remaining(run).map(placeKey);
  return JSON.stringify([freezes, block?.name, block && run.view.status, places, drainedRegions(run)]);
}

/** Regions that the rollout waits for because they are drained: those whose turn it is, and those that it has begun with. */
function drainedRegions({ awaited, open, holds, leftOut, goal }: RolloutRun): { environment: string; region: string; reason: string }[] {
  if (goal !== undefined) return []; // an undo waits for nobody
  const places = [...awaited, ...Object.values(open).map(({ place }) => place)].filter((place) => leftOut[placeKey(place)] === undefined);
  const byName = new Map(places.map(({ environment, region }) => [`${environment}/${region}`, { environment, region }]));
  return [...byName.values()].flatMap((place) => {
    const reason = holds.drained[place.region];
    return reason === undefined ? [] : [{ ...place, reason }];
  });
}

/** Places of the phase at work that are not through yet: a freeze of any other is not what the rollout waits for now. */
function remaining(run: RolloutRun): Place[] {
  const phase = run.plan.phases.find(({ environment }) => environment === run.view.phase);
  return phase === undefined ? [] : placesOf(phase).filter((place) => regionState(run, place).status !== 'live' && run.leftOut[placeKey(place)] === undefined);
}

const frozen = (run: RolloutRun): Frozen => ({
  freezes: () => run.holds.freezes,
  places: () => remaining(run).map((place) => ({ ...place, pipeline: run.input.pipeline })),
});

/** True when nothing new may start in this place now. */
export const isFrozen = (run: RolloutRun, place: Place): boolean =>
  freezesAt(run.holds.freezes, { ...place, pipeline: run.input.pipeline }, Date.now()).length > 0;

const isHold = ({ type }: WaitingFor): boolean => type === 'freeze' || type === 'drained';

function showHolds(run: RolloutRun): void {
  const before = run.view.waitingFor.filter(isHold);
  const isSame = (a: WaitingFor, b: WaitingFor): boolean => a.type === b.type && a.gate === b.gate;
  const after = [...freezesNow(run), ...drainedNow(run)].map((each) => ({ ...each, since: before.find((old) => isSame(old, each))?.since ?? now() }));
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  for (const each of after.filter((line) => !before.some((old) => isSame(old, line)))) noteHold(run, each, `waits for ${each.needs}`);
  for (const each of before.filter((line) => !after.some((still) => isSame(still, line)))) noteHold(run, each, 'no more');
  change(run, { waitingFor: [...run.view.waitingFor.filter((each) => !isHold(each)), ...after] });
  move(run, run.view.waitingFor.length > 0 ? 'gate-closed' : 'gates-open');
  if (before.length === 0) tellPeople(run, 'waiting');
}

const noteHold = (run: RolloutRun, { type, gate, environment }: WaitingFor, text: string): void =>
  note(run, { kind: type === 'freeze' ? 'freeze' : 'region', environment, text: `${type === 'freeze' ? `frozen by ${gate}` : `${gate} is drained`}: ${text}` });

/** One line for each drained region. */
const drainedNow = (run: RolloutRun): WaitingFor[] => drainedRegions(run).map(({ environment, region, reason }) => ({
  gate: region, type: 'drained', environment, region, since: now(),
  needs: `${region} to take part again (drained: ${reason}), or a person to skip it`,
}));

/** One line for each freeze that holds a place, however many it holds. */
function freezesNow(run: RolloutRun): WaitingFor[] {
  const lines = new Map<string, WaitingFor>();
  for (const place of remaining(run)) {
    for (const { name, reason, owners, until } of freezesAt(run.holds.freezes, { ...place, pipeline: run.input.pipeline }, Date.now())) {
      const needs = `${owners.join(' and ')} to lift it (${reason})`;
      const line = { gate: name, type: 'freeze' as const, environment: place.environment, since: now(), needs, ...(until !== null && { until }) };
      lines.set(name, lines.has(name) ? line : { ...line, ...placeOf(place) });
    }
  }
  return [...lines.values()];
}

/** A release that was blocked while it is shipped goes nowhere else. What it has reached is a person's to decide. */
function holdBlocked(run: RolloutRun): void {
  const { block } = run.holds;
  if (block === null || run.goal !== undefined || !['running', 'waiting'].includes(run.view.status)) return;
  setFailure(run, { code: 'ReleaseBlocked', message: blockedMessage(block, run.input.release) });
  move(run, 'region-failed');
  note(run, { kind: 'held', text: `held: ${run.view.failure?.message}` });
  tellPeople(run, 'held');
}
