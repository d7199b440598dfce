import { condition } from '@temporalio/workflow';
import { placeKey, type Place } from '../../src/rollout/places.js';
import { requeue } from '../../src/rollout/plan/plan.js';
import type { PlannedPhase, PlannedWave } from '../../src/rollout/schema/plan.js';
import { note, setPlan, setRegion } from './record.js';
import { regionState, type RolloutRun } from './run.js';

const isDrained = (run: RolloutRun, { region }: Place): boolean => run.holds.drained[region] !== undefined;

/**
 * Sees to the drained regions of a wave before it starts: they stand back to the end of the phase, and there the rollout waits for them.
 * True when something has changed and the wave is to be looked at again.
 */
export async function passOverDrained(run: RolloutRun, phase: PlannedPhase, wave: PlannedWave, todo: Place[]): Promise<boolean> {
  const drained = todo.filter((place) => isDrained(run, place));
  if (drained.length === 0) return false;
  const isLast = wave === phase.waves.at(-1);
  if (drained.length < todo.length || !isLast) setPlan(run, requeue(run.plan, phase.environment, drained, run.input.document), `${names(drained)} drained, and shipped last`);
  else await untilBack(run, drained);
  return true;
}

/** Until one of them takes part again, or a person goes on without it. What it waits for is shown by followHolds. */
async function untilBack(run: RolloutRun, places: Place[]): Promise<void> {
  run.awaited = places;
  try {
    await condition(() => places.some((place) => !isDrained(run, place) || run.leftOut[placeKey(place)] !== undefined));
  } finally {
    run.awaited = [];
  }
}

/**
 * A person goes on without a drained region: it is owed the release, and gets it when it takes part again. One that is at work there ends by
 * itself, its soak cut short.
 */
export function leaveOut(run: RolloutRun, environment: string, region: string, by: string): void {
  for (const state of run.view.regions) {
    if (state.environment !== environment || state.region !== region || state.status === 'live') continue;
    run.leftOut = { ...run.leftOut, [placeKey(state)]: state };
    const text = `left out by ${by} while drained: ${run.schema.contract === undefined ? 'it gets the release when it takes part again' : 'its contract is still owed'}`;
    if (run.open[placeKey(state)] === undefined) setRegion(run, { ...regionState(run, state), status: 'skipped', note: text });
    note(run, { kind: 'region', environment, region, text: `${placeKey(state)} is ${text}` });
  }
}

const names = (places: Place[]): string => {
  const regions = [...new Set(places.map(({ region }) => region))];
  return `${regions.join(' and ')} ${regions.length === 1 ? 'is' : 'are'}`;
};
