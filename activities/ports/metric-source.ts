import type { Sample } from '../../src/judge/sample.js';
import type { Check, Metrics } from '../../src/rollout/schema/check.js';

/** Where a source stands: small, JSON, opaque to everyone but the source that made it. Absent before the first look. */
export type Cursor = unknown;

/** One sample for each check, by the check's name: what happened since the cursor's time (ratio, histogram), or is so now (value). */
export interface SourceLook {
  samples: Record<string, Sample>;
  cursor: Cursor;
}

/** The past of one check: what happened in the step that ends at each time (ms since the epoch), oldest first. */
export type History = { atMs: number; sample: Sample }[];

/** Whether a check can fail at all: asked before a rollout, answered for each check. */
export interface SelfTest {
  check: string;
  /** `untested`: there is nothing to ask yet (an empty region), which is no fault. `unreachable`: the source itself did not answer. */
  outcome: 'works' | 'untested' | 'broken' | 'unreachable';
  /** What was asked and what came back, in words. */
  saw: string;
}

/**
 * Where a region's metrics are read. Never throws for what the source answers or fails to answer: that is a sample of
 * its own (`no-data`, `error`) whose reason names the query and what came back.
 */
export interface MetricSource {
  look(checks: Check[], cursor: Cursor | undefined, signal: AbortSignal): Promise<SourceLook>;
  /** By check name; empty lists where the source keeps no past. Steps without data are left out. */
  history(checks: Check[], range: { fromMs: number; toMs: number; stepMs: number }, signal: AbortSignal): Promise<Record<string, History>>;
  /** Asks every check a question whose answer must be bad, and sees whether it is. */
  selfTest(checks: Check[], signal: AbortSignal): Promise<SelfTest[]>;
}

/** Builds a source from the settings of a pipeline, its templates filled in; `variables` hold resolved secrets by name, and no reason shows those of `secretNames`. */
export type ConnectMetrics = (settings: Metrics, variables: Record<string, string>, secretNames: string[]) => MetricSource;
