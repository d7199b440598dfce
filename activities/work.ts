import type { RegionSettings } from '../src/rollout/settings.js';
import type { Release } from '../src/rollout/schema/release.js';

/** Where an activity works, and with what settings; templates and references are resolved inside the activity. */
export interface PlaceWork {
  pipeline: string;
  environment: string;
  region: string;
  settings: RegionSettings;
}

/** One step of a region's saga. */
export interface StepWork extends PlaceWork {
  key: string;
  rollout: string;
  release: Release;
  previous: Release | null;
}

/** One undo of a region's saga: take `from` away and put `to` back; null stops what was started. */
export interface UndoWork extends PlaceWork {
  key: string;
  rollout: string;
  from: Release;
  to: Release | null;
}

/** A soak: what the watch asks, and of whom. */
export interface SoakWork extends PlaceWork {
  rollout: string;
  release: Release;
  /** ISO 8601. */
  startedAt: string;
}

/** What a rollout needs before it touches anything. */
export interface PreflightWork {
  places: PlaceWork[];
  release: Release;
}
