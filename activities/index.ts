import { concludeSoak } from './conclude-soak.js';
import type { Dependencies } from './dependencies.js';
import { lastKnownGood, openRollouts } from './pipeline-questions.js';
import { preflight } from './preflight.js';
import { currentRelease, deployRegion, undoRegion, verifyRegion } from './region-steps.js';
import { notify } from './notify.js';
import { watchSoak } from './watch-soak.js';

/** Every activity of a worker, bound to what it works with. */
export function createActivities(dependencies: Dependencies) {
  return {
    preflight: preflight(dependencies),
    currentRelease: currentRelease(dependencies),
    // The same for the board, where no rollout waits for the answer: one that cannot be had now stays unknown.
    observeRegion: currentRelease(dependencies),
    deployRegion: deployRegion(dependencies),
    verifyRegion: verifyRegion(dependencies),
    undoRegion: undoRegion(dependencies),
    watchSoak: watchSoak(dependencies),
    concludeSoak: concludeSoak(dependencies),
    lastKnownGood: lastKnownGood(dependencies),
    openRollouts: openRollouts(dependencies),
    notify: notify(dependencies),
  };
}

export type Activities = ReturnType<typeof createActivities>;
