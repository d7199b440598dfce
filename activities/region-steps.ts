import type { Release } from '../src/rollout/schema/release.js';
import { targetOf } from './connect.js';
import type { Dependencies } from './dependencies.js';
import { effect, untilDone } from './effect.js';
import type { PlaceWork, StepWork, UndoWork } from './work.js';

/** What runs in a region now; null when nothing does. */
export const currentRelease = (dependencies: Dependencies) => (work: PlaceWork): Promise<Release | null> =>
  effect(async (signal) => {
    const { target, place } = await targetOf(dependencies, work);
    return target.current(place, signal);
  });

/** The same for the board, where no rollout waits for the answer: one that cannot be had now stays unknown. */
export const observeRegion = currentRelease;

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

export const undoRegion = (dependencies: Dependencies) => (work: UndoWork): Promise<void> =>
  effect(async (signal) => {
    const { target, place } = await targetOf(dependencies, work, work.to?.version ?? work.from.version);
    const { key, rollout, from, to } = work;
    untilDone(await target.undo({ ...place, key, rollout, from, to }, signal));
  });
