import { MeridianFailure } from '../src/rollout/failure.js';
import type { Release } from '../src/rollout/schema/release.js';
import { refuseDrift } from '../src/rollout/states/undo-drift.js';
import { schemaRefusal } from '../src/rollout/migrations/compatible.js';
import { placeKey } from '../src/rollout/places.js';
import { databaseOf, targetOf } from './connect.js';
import type { Dependencies } from './dependencies.js';
import { effect, untilDone } from './effect.js';
import type { DeployStep, Place, RegionTarget } from './ports/region-target.js';
import type { PlaceWork, StepWork, UndoWork } from './work.js';

/** What runs in a place now; null when nothing does. */
export const currentRelease = (dependencies: Dependencies) => (work: PlaceWork): Promise<Release | null> =>
  effect(async (signal) => {
    const { target, place } = await targetOf(dependencies, work, null);
    return target.current(place, signal);
  });

export const deployRegion = (dependencies: Dependencies) => (work: StepWork): Promise<void> =>
  effect(async (signal) => {
    const { target, place } = await targetOf(dependencies, work, work.release.version);
    const { key, rollout, release, previous } = work;
    untilDone(await target.deploy({ ...place, key, rollout, release, previous }, signal));
  });

export const verifyRegion = (dependencies: Dependencies) => (work: StepWork): Promise<void> =>
  effect(async (signal) => {
    const { target, place } = await targetOf(dependencies, work, work.release.version);
    const { key, rollout, release, previous } = work;
    untilDone(await target.verify({ ...place, key, rollout, release, previous }, signal));
  });

/** Puts `to` back, or stops what was started. A release of somebody else's that it finds there is left alone: `Drift`. */
export const undoRegion = (dependencies: Dependencies) => (work: UndoWork): Promise<void> =>
  effect(async (signal) => {
    const { target, place } = await targetOf(dependencies, work, work.to?.version ?? work.from.version);
    const { key, rollout, from, to, previous, overwrite } = work;
    if (!overwrite) refuseDrift(work, work, await whatIsKnown(target, place, signal));
    if (to !== null) await refuseUnfit(dependencies, work, to, signal);
    untilDone(await target.undo({ ...place, key, rollout, from, to, previous, overwrite }, signal));
    if (to !== null) await untilItServes(target, { ...place, key: `${key}-verify`, rollout, release: to, previous: from }, signal);
  });

/** A release that cannot run with the schema as it is now is no way back: only forward is. */
async function refuseUnfit(dependencies: Dependencies, work: UndoWork, to: Release, signal: AbortSignal): Promise<void> {
  if (work.settings.database === null) return;
  const schema = await databaseOf(dependencies, { ...work, release: to, migrations: [] }, (database, step) => database.schema(step, signal));
  const refusal = schemaRefusal(to, schema);
  if (refusal === null) return;
  throw new MeridianFailure('SchemaIncompatible',
    `${placeKey(work)} cannot go back to ${to.version}: ${refusal}. Roll forward: skip this undo with a reason, and ship a release that is free of the old shape.`);
}

/** What runs there, as far as the target can say. One that will never be able to say it keeps no undo from its work. */
async function whatIsKnown(target: RegionTarget, place: Place, signal: AbortSignal): Promise<Release | null> {
  try {
    return await target.current(place, signal);
  } catch (error) {
    if (error instanceof MeridianFailure && !error.retryable) return null;
    throw error;
  }
}

/** An undo has worked when what was put back serves, not when it was started. What keeps it from serving is tried again with the undo. */
async function untilItServes(target: RegionTarget, step: DeployStep, signal: AbortSignal): Promise<void> {
  try {
    untilDone(await target.verify(step, signal));
  } catch (error) {
    if (!(error instanceof MeridianFailure)) throw error;
    throw new MeridianFailure('UndoFailed', `${step.release.version} was put back and does not serve. ${error.message}`, { cause: error });
  }
}
