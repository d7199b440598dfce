import type { Place } from '../src/rollout/places.js';
import type { AutomaticGate } from '../src/rollout/schema/gate.js';
import type { KnownMigration } from '../src/rollout/schema/migration.js';
import type { PipelineDocument } from '../src/rollout/schema/pipeline.js';
import type { GateSettings, RegionSettings } from '../src/rollout/document/settings.js';
import type { Release } from '../src/rollout/schema/release.js';
import type { ScheduledRelease } from '../src/rollout/schema/schedule.js';
import type { ResolvedVariable } from '../src/rollout/document/variables.js';
import type { Metrics } from '../src/rollout/schema/check.js';
import type { GateQuestion } from './ports/gatekeeper.js';

/** Where an activity works, and with what settings; templates and references are resolved inside the activity. */
export interface PlaceWork extends Place {
  pipeline: string;
  settings: RegionSettings;
}

/** One step of a region's saga. */
export interface StepWork extends PlaceWork {
  key: string;
  rollout: string;
  release: Release;
  previous: Release | null;
}

/** One phase of migrations in the database of a place. */
export interface SchemaWork extends PlaceWork {
  rollout: string;
  /** The release that serves there while it works, or will. */
  release: Release;
  migrations: KnownMigration[];
}

/** The same, by a workflow that is told how far it is. */
export interface SchemaPhaseWork extends SchemaWork {
  workflowId: string;
}

/** One undo of a region's saga: take `from` away and put `to` back; null stops what was started. */
export interface UndoWork extends PlaceWork {
  key: string;
  rollout: string;
  from: Release;
  to: Release | null;
  /** What ran there before the step that is undone; one of the versions that may be found there without a stranger's doing. */
  previous: string | null;
  /** A person wants it although somebody else has changed the region in the meantime. */
  overwrite: boolean;
}

/** A place that does not change while another one soaks: what it is asked, and where. */
export interface Control extends Place {
  metrics: Metrics;
  variables: ResolvedVariable[];
  /** The version that serves there; null or absent where nobody knows. */
  release?: string | null;
}

/** A soak: what the watch asks, and of whom. */
export interface SoakWork extends PlaceWork {
  rollout: string;
  release: Release;
  /** ISO 8601: when the deploy was done, and the soak began. */
  startedAt: string;
  /** ISO 8601: when the place began to be changed. What the noise is learned from is older than that. */
  changedAt: string;
  /** The version that ran there before; null when nothing did. */
  previous: string | null;
  /** The region's workflow, which is told of every change. */
  workflowId: string;
  /** Nobody reads them: they are neither kept nor told. */
  withoutSamples?: true;
  controls: Control[];
  /** Evidence of the regions before, as log M by check. */
  carried: Record<string, number>;
  /** Bad requests that the release may still cost; null where there is no such budget. */
  budgetLeft: number | null;
}

/**
 * What a rollout needs before it touches anything. The document stands here once, and not its settings for each of what may be a thousand
 * places: together those would be more than Temporal takes.
 */
export interface PreflightWork {
  document: PipelineDocument;
  places: Place[];
  release: Release;
  schema: SchemaCheck;
}

/** What is to be done to the schemas, and what must run where while it is. */
export interface SchemaCheck {
  rollout: string;
  migrations: KnownMigration[];
  /** Names of those that the rollout is going to apply somewhere: an older one was looked at in its own time. */
  toApply: string[];
  /** By the key of each place that is contracted: the version that must serve there. Empty where a release is shipped. */
  serving: Record<string, string>;
}

/** A gate that opens by itself, and where it stands. */
export interface GateWork extends GateQuestion {
  gate: AutomaticGate;
  settings: GateSettings;
}

/** What a look at a gate has found. Only a clear yes is open: no data, an error or a strange answer is closed. */
export interface GateAnswer {
  isOpen: boolean;
  /** What was seen, in words, with numbers: `replication-lag is 34, at most 10`. */
  saw: string;
  /** When to look again (ms from now). */
  lookAgainMs: number;
  /** When it opens by itself, where that is known (ISO 8601). */
  opensAt?: string;
}

/** What one look at a region that should be fine has found. */
export interface Recheck {
  /** The release runs there and passes its verification. */
  isGood: boolean;
  /** What was seen, in words. */
  saw: string;
  /** What runs there; null when nothing does. */
  running: Release | null;
}

/** What a schedule does when its time has come. */
export interface ScheduledWork {
  schedule: string;
  pipeline: string;
  release: ScheduledRelease;
  to?: string | undefined;
  rehearse: boolean;
  reason: string;
  /** Who made the schedule: each rollout that it starts is started in their name. */
  by: string;
}
