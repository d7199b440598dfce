export { pipeline } from './pipeline.js';
export { region, undoRegion } from './region.js';
export { rollout } from './rollout.js';
