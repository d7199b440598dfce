import { concludeSoak } from './conclude-soak.js';
import type { Dependencies } from './dependencies.js';
import { baseline, openPipelines, openRollouts } from './pipeline-questions.js';
import { preflight } from './preflight.js';
import { recheckRegion } from './recheck-region.js';
import { currentRelease, deployRegion, undoRegion, verifyRegion } from './region-steps.js';
import { contractRegion, expandRegion, regionSchema, undoSchema } from './schema-steps.js';
import { notify } from './notify.js';
import { startScheduled } from './start-scheduled.js';
import { subscribeToCalendar } from './subscribe-to-calendar.js';
import { lookAtGate, watchGate } from './watch-gate.js';
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
    regionSchema: regionSchema(dependencies),
    expandRegion: expandRegion(dependencies),
    contractRegion: contractRegion(dependencies),
    undoSchema: undoSchema(dependencies),
    recheckRegion: recheckRegion(dependencies),
    lookAtGate: lookAtGate(dependencies),
    watchGate: watchGate(dependencies),
    watchSoak: watchSoak(dependencies),
    concludeSoak: concludeSoak(dependencies),
    baseline: baseline(dependencies),
    openRollouts: openRollouts(dependencies),
    openPipelines: openPipelines(dependencies),
    subscribeToCalendar: subscribeToCalendar(dependencies),
    startScheduled: startScheduled(dependencies),
    notify: notify(dependencies),
  };
}

export type Activities = ReturnType<typeof createActivities>;
