import { judgedSoak } from '../../activities/soak/judged-soak.js';
import { soakWork } from './soaks.js';

/** The checks of each soak, as the watch tells the judge of them. */
export const { checks: judgedChecks } = judgedSoak({ ...soakWork(0, { controls: 0, intervalSeconds: 30, metricsUrl: 'http://127.0.0.1' }), workflowId: 'soak/0' });
