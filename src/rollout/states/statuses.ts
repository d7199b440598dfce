/** Every status a rollout can have. The moves between them are in rollout-states.ts. */
export const rolloutStatuses = [
  'scheduled', 'queued', 'running', 'waiting', 'paused', 'held', 'rolling-back', 'stuck',
  'succeeded', 'rolled-back', 'aborted', 'failed', 'superseded',
] as const;
export type RolloutStatus = (typeof rolloutStatuses)[number];

const terminalStatuses = ['succeeded', 'rolled-back', 'aborted', 'failed', 'superseded'] as const satisfies readonly RolloutStatus[];

export const isTerminal = (status: RolloutStatus): boolean => (terminalStatuses as readonly RolloutStatus[]).includes(status);

/** Every status a region of a rollout can have. The moves between them are in region-states.ts. */
export const regionStatuses = [
  'pending', 'gated', 'expanding', 'draining', 'deploying', 'verifying', 'shifting', 'soaking', 'live', 'contracting',
  'held', 'rolling-back', 'rolled-back', 'failed', 'stuck', 'skipped', 'superseded',
] as const;
export type RegionStatus = (typeof regionStatuses)[number];

/** A region whose child workflow is at work: it is asked for its own, fresher state. */
export const isInFlight = (status: RegionStatus): boolean => !['pending', 'live', 'rolled-back', 'failed', 'skipped', 'superseded'].includes(status);
