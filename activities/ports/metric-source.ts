import type { Sample } from '../../src/judge/sample.js';
import type { Check, Metrics } from '../../src/rollout/schema/check.js';

/** Where a source stands: small, JSON, opaque to everyone but the source that made it. Absent before the first look. */
export type Cursor = unknown;

export interface Look {
  /** One sample for each check, by the check's name: what happened since the cursor's time (ratio), or is so now (value). */
  samples: Record<string, Sample>;
  cursor: Cursor;
}

/**
 * Where a region's metrics are read. Never throws for what the source answers or fails to answer: that is a sample of
 * its own (`no-data`, `error`) whose reason names the query and what came back.
 */
export interface MetricSource {
  look(checks: Check[], cursor: Cursor | undefined, signal: AbortSignal): Promise<Look>;
}

/** Builds a source from the settings of a pipeline, its templates filled in; `variables` hold resolved secrets by name. */
export type ConnectMetrics = (settings: Metrics, variables: Record<string, string>) => MetricSource;
