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
    showFreezes(run);
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
  return JSON.stringify([freezes, block?.name, block && run.view.status, places]);
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

function showFreezes(run: RolloutRun): void {
  const before = run.view.waitingFor.filter(({ type }) => type === 'freeze');
  const after = freezesNow(run).map((each) => ({ ...each, since: before.find((old) => old.gate === each.gate)?.since ?? now() }));
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  for (const { gate, environment, needs } of after) {
    if (!before.some((old) => old.gate === gate)) note(run, { kind: 'freeze', environment, text: `frozen by ${gate}: ${needs}` });
  }
  for (const { gate, environment } of before) {
    if (!after.some((each) => each.gate === gate)) note(run, { kind: 'freeze', environment, text: `no longer frozen by ${gate}` });
  }
  change(run, { waitingFor: [...run.view.waitingFor.filter(({ type }) => type !== 'freeze'), ...after] });
  move(run, run.view.waitingFor.length > 0 ? 'gate-closed' : 'gates-open');
  if (before.length === 0) tellPeople(run, 'waiting');
}

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
