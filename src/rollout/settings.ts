import { durationMs } from './duration.js';
import type { Check, Metrics } from './schema/check.js';
import type { Gate, Phase, PipelineDocument, Soak } from './schema/pipeline.js';
import type { Target } from './schema/target.js';
import { variablesFor, type ResolvedVariable } from './variables.js';

/** Everything in a pipeline document that concerns one region of one environment, templates and references still unresolved. */
export interface RegionSettings {
  target: Target;
  metrics: Metrics | null;
  checks: Check[];
  soak: SoakSettings;
  gates: Gate[];
  variables: ResolvedVariable[];
  undoTimeoutMs: number;
}

export interface SoakSettings {
  minMs: number;
  maxMs: number;
  intervalMs: number;
  minSamples: number;
  onFail: Soak['onFail'];
}

/** The soak of a phase: its own values over the pipeline's. */
export const soakOf = (document: Pick<PipelineDocument, 'soak'>, phase: Phase): Soak => ({
  ...document.soak,
  ...Object.fromEntries(Object.entries(phase.soak ?? {}).filter(([, value]) => value !== undefined)),
});

export function regionSettings(document: PipelineDocument, environment: string, region: string): RegionSettings {
  const phase = document.lifecycle.find((each) => each.environment === environment);
  if (phase === undefined) throw new RangeError(`no environment ${environment} in ${document.name}`);
  const soak = soakOf(document, phase);
  return {
    target: phase.target ?? document.target,
    metrics: phase.metrics ?? document.metrics ?? null,
    checks: document.checks,
    soak: {
      minMs: durationMs(soak.min),
      maxMs: Math.max(durationMs(soak.max), durationMs(soak.min)),
      intervalMs: durationMs(soak.interval),
      minSamples: soak.minSamples,
      onFail: soak.onFail,
    },
    gates: phase.regionGates,
    variables: variablesFor(document, { environment, region }),
    undoTimeoutMs: durationMs(document.policy.undoTimeout),
  };
}

/** How long one step may take in all, retries and polling included (ms). */
export function stepDeadlineMs(target: Target): number {
  switch (target.type) {
    case 'process':
      return durationMs(target.startTimeout) + durationMs(target.stopTimeout) + 60_000;
    case 'script':
      return durationMs(target.timeout) * 3;
    case 'webhook':
      return durationMs(target.deadline);
  }
}
