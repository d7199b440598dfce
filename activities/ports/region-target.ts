import type { Release } from '../../src/rollout/schema/release.js';
import type { UndoPath } from '../../src/rollout/states/undo-drift.js';
import type { Target } from '../../src/rollout/schema/target.js';

/** One step in one region. Two calls with the same `key` are one step: the second finds it done, or goes on with it. */
export interface RegionStep {
  /** `<rollout>/<environment>/<region>[/<tenant>]/<attempt>/<step>/<direction>` */
  key: string;
  pipeline: string;
  environment: string;
  region: string;
  /** Set where tenants have releases of their own in the region. */
  tenant?: string | undefined;
  rollout: string;
  /** Every variable of this region by name, secrets resolved. Never logged and never returned. */
  variables: Record<string, string>;
  /** Those of `variables` that are secret: their values stay out of every message, and a webhook is not sent them. */
  secretNames: string[];
}

export interface DeployStep extends RegionStep {
  release: Release;
  previous: Release | null;
}

export interface UndoStep extends RegionStep, UndoPath {}

/** Which region is asked, without doing anything there. */
export type Place = Omit<RegionStep, 'key' | 'rollout'>;

/** `running` is asked again with the same key after `retryAfterMs`, until the step's deadline. */
export type StepAnswer = { status: 'done' } | { status: 'running'; retryAfterMs: number; message: string };

/**
 * How a release is put into one region. Throws `MeridianFailure`: `RegionUnreachable` is tried again, `DeployFailed`,
 * `VerifyFailed`, `DigestMismatch`, `ArtifactMissing` and `TargetMisconfigured` are final for the attempt, and so is `Drift`, which an
 * undo may throw that finds somebody else's release.
 */
export interface RegionTarget {
  /** What runs there now, as found there; null when nothing does. */
  current(place: Place, signal: AbortSignal): Promise<Release | null>;
  deploy(step: DeployStep, signal: AbortSignal): Promise<StepAnswer>;
  /** Is `release` there, ready and healthy? */
  verify(step: DeployStep, signal: AbortSignal): Promise<StepAnswer>;
  undo(step: UndoStep, signal: AbortSignal): Promise<StepAnswer>;
}

/** Builds a target from the settings of a pipeline, its templates filled in. */
export type ConnectTarget = (settings: Target) => RegionTarget;
