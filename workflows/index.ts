export { calendar } from './calendar.js';
export { pipeline } from './pipeline.js';
export { region, undoRegion } from './region.js';
export { rollout } from './rollout.js';
export { scheduledRollout } from './scheduled-rollout.js';
export { watch } from './watch.js';
