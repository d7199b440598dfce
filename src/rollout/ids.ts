import { placeKey, type Place } from './places.js';

/** Workflow ids, in one place: a workflow id is a lock that Temporal guarantees. */
export const pipelineWorkflowId = (pipeline: string): string => `pipeline/${pipeline}`;

export const rolloutId = (pipeline: string, number: number): string => `${pipeline}-${number}`;

export const rolloutWorkflowId = (rollout: string): string => `rollout/${rollout}`;

export const regionWorkflowId = (rollout: string, place: Place): string => `${rolloutWorkflowId(rollout)}/${placeKey(place)}`;

/** The watch of a place after its rollout has succeeded. */
export const watchWorkflowId = (rollout: string, place: Place): string => `watch/${rollout}/${placeKey(place)}`;

/** The entity of freezes and blocks; there is one. */
export const calendarWorkflowId = 'calendar';

export const scheduleId = (schedule: string): string => `schedule/${schedule}`;

/** The pipeline of a rollout: `shop-eu-12` belongs to `shop-eu`. */
export const pipelineOfRollout = (rollout: string): string => rollout.slice(0, rollout.lastIndexOf('-'));

/** Idempotency key of one step; see RegionStep. */
export const stepKey = (rollout: string, place: Place, attempt: number, step: string, direction: 'do' | 'undo'): string =>
  [rollout, placeKey(place), attempt, step, direction].join('/');
