/** Workflow ids, in one place: a workflow id is a lock that Temporal guarantees. */
export const pipelineWorkflowId = (pipeline: string): string => `pipeline/${pipeline}`;

export const rolloutId = (pipeline: string, number: number): string => `${pipeline}-${number}`;

export const rolloutWorkflowId = (rollout: string): string => `rollout/${rollout}`;

export const regionWorkflowId = (rollout: string, environment: string, region: string): string =>
  `${rolloutWorkflowId(rollout)}/${environment}/${region}`;

/** The pipeline of a rollout: `shop-eu-12` belongs to `shop-eu`. */
export const pipelineOfRollout = (rollout: string): string => rollout.slice(0, rollout.lastIndexOf('-'));

/** Idempotency key of one step; see RegionStep. */
export const stepKey = (
  rollout: string, environment: string, region: string, attempt: number, step: string, direction: 'do' | 'undo',
): string => [rollout, environment, region, attempt, step, direction].join('/');
