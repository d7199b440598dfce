import type { DeployStep, Place, UndoStep } from '../../activities/ports/region-target.js';
import type { Release } from '../rollout/schema/release.js';

/** One of the four verbs of a region target, with what it is about. */
export type Ask =
  | { action: 'current'; place: Place }
  | { action: 'deploy' | 'verify'; place: DeployStep }
  | { action: 'undo'; place: UndoStep };

/** What a webhook or a script is told, as JSON. */
export interface StepRequest {
  action: Ask['action'];
  pipeline: string;
  environment: string;
  region: string;
  /** Set where tenants have releases of their own in the region. */
  tenant?: string;
  /** The same key again is the same step again. `current` has none: it changes nothing. */
  key?: string;
  rollout?: string;
  /** What must run when the step is done; null: nothing, stop what was started. */
  release?: Release | null;
  /** What ran before the step; absent when nothing did. */
  previous?: Release;
  variables: Record<string, string>;
}

export function stepRequest(ask: Ask, variables: Record<string, string>): StepRequest {
  const { pipeline, environment, region, tenant } = ask.place;
  const where = { action: ask.action, pipeline, environment, region, ...(tenant !== undefined && { tenant }) };
  if (ask.action === 'current') return { ...where, variables };
  const { key, rollout } = ask.place;
  const { release, previous } = releasesOf(ask);
  return { ...where, key, rollout, release, ...(previous === null ? {} : { previous }), variables };
}

/** The variables that are not secret. */
export const openVariables = ({ variables, secretNames }: Place): Record<string, string> =>
  Object.fromEntries(Object.entries(variables).filter(([name]) => !secretNames.includes(name)));

/** What must run after a step, and what ran before it. */
export const releasesOf = (ask: Exclude<Ask, { action: 'current' }>): { release: Release | null; previous: Release | null } =>
  ask.action === 'undo' ? { release: ask.place.to, previous: ask.place.from } : { release: ask.place.release, previous: ask.place.previous };
