import { durationMs } from '../duration.js';
import type { Place } from '../places.js';
import type { Check, Metrics } from '../schema/check.js';
import type { Database } from '../schema/database.js';
import type { Gate, Hours } from '../schema/gate.js';
import type { Phase, PipelineDocument, Soak } from '../schema/pipeline.js';
import type { Target } from '../schema/target.js';
import { variablesFor, type ResolvedVariable } from './variables.js';

/** Everything in a pipeline document that concerns one place, templates and references still unresolved. */
export interface RegionSettings {
  target: Target;
  /** Null where the region keeps no data that Meridian knows of. */
  database: Database | null;
  metrics: Metrics | null;
  checks: Check[];
  soak: SoakSettings;
  gates: Gate[];
  variables: ResolvedVariable[];
  undoTimeoutMs: number;
}

export interface SoakSettings {
  minMs: number;
  /** How long it is meant to take; at least `minMs`. */
  durationMs: number;
  earlyFinish: boolean;
  maxMs: number;
  intervalMs: number;
  minSamples: number;
  historyMs: number;
  onFail: Soak['onFail'];
  onInconclusive: Soak['onInconclusive'];
  /** Null where nobody watches on. */
  watchAfterMs: number | null;
}

/** Everything in a pipeline document that a gate asks of, templates and references still unresolved. */
export interface GateSettings {
  metrics: Metrics | null;
  variables: ResolvedVariable[];
  /** The region's; null at a phase or wave, where a window names its own. */
  timezone: string | null;
  /** The region's quiet hours; null at a phase or wave. */
  offPeak: Hours | null;
  /** What a dependency asks about. */
  places: Place[];
}

/** Where a gate stands: at a place, or at a phase or wave with these regions. */
export interface GatePlace {
  environment: string;
  region?: string | undefined;
  tenant?: string | undefined;
  regions: string[];
}

/** The hours of the night in which most regions sleep. */
const defaultOffPeak: Hours = { from: '01:00', to: '05:00' };

/** The soak of a phase: its own values over the pipeline's. */
export const soakOf = (document: Pick<PipelineDocument, 'soak'>, phase: Phase): Soak => ({
  ...document.soak,
  ...Object.fromEntries(Object.entries(phase.soak ?? {}).filter(([, value]) => value !== undefined)),
});

/** Throws a `RangeError` for an environment that the document does not have. */
export function regionSettings(document: PipelineDocument, place: Place): RegionSettings {
  const phase = phaseOf(document, place.environment);
  const soak = soakOf(document, phase);
  return {
    target: phase.target ?? document.target,
    database: databaseOf(document, phase),
    metrics: metricsOf(document, phase),
    checks: document.checks,
    soak: soakSettings(soak),
    gates: phase.regionGates,
    variables: variablesFor(document, place),
    undoTimeoutMs: durationMs(document.policy.undoTimeout),
  };
}

/** A soak in milliseconds, each time at least as long as the one before it. */
export function soakSettings(soak: Soak): SoakSettings {
  const minMs = durationMs(soak.min);
  const plannedMs = Math.max(minMs, soak.duration === undefined ? minMs : durationMs(soak.duration));
  return {
    minMs,
    durationMs: plannedMs,
    earlyFinish: soak.earlyFinish,
    maxMs: Math.max(plannedMs, durationMs(soak.max)),
    intervalMs: durationMs(soak.interval),
    minSamples: soak.minSamples,
    historyMs: durationMs(soak.history),
    onFail: soak.onFail,
    onInconclusive: soak.onInconclusive,
    watchAfterMs: soak.watchAfter === undefined ? null : durationMs(soak.watchAfter),
  };
}

/** Throws a `RangeError` for an environment that the document does not have. */
export function gateSettings(document: PipelineDocument, { environment, region, tenant, regions }: GatePlace): GateSettings {
  return {
    metrics: metricsOf(document, phaseOf(document, environment)),
    variables: variablesFor(document, { environment, region, tenant }),
    ...clockOf(document, region),
    places: region === undefined
      ? regions.map((each) => ({ environment, region: each }))
      : [{ environment, region, ...(tenant !== undefined && { tenant }) }],
  };
}

/** The clock on the wall and the quiet hours of a region; null at a phase or wave, which is in many. */
export function clockOf({ regions }: Pick<PipelineDocument, 'regions'>, region: string | undefined): Pick<GateSettings, 'timezone' | 'offPeak'> {
  const there = region === undefined ? undefined : regions[region];
  return there === undefined ? { timezone: null, offPeak: null } : { timezone: there.timezone, offPeak: there.offPeak ?? defaultOffPeak };
}

/** The gates before a phase, before each of its waves, or before each of its regions. */
export function gatesAt(document: PipelineDocument, environment: string, scope: 'phase' | 'wave' | 'region'): Gate[] {
  const { gates, waveGates, regionGates } = phaseOf(document, environment);
  return { phase: gates, wave: waveGates, region: regionGates }[scope];
}

function phaseOf(document: PipelineDocument, environment: string): Phase {
  const phase = document.lifecycle.find((each) => each.environment === environment);
  if (phase === undefined) throw new RangeError(`no environment ${environment} in ${document.name}`);
  return phase;
}

export const databaseOf = (document: Pick<PipelineDocument, 'database'>, phase: Phase): Database | null => phase.database ?? document.database ?? null;

/** Those that some environment uses; each once. */
export const databasesOf = (document: PipelineDocument | null): Database[] =>
  [...new Set(document?.lifecycle.flatMap((phase) => databaseOf(document, phase) ?? []))];

const metricsOf = (document: PipelineDocument, phase: Phase): Metrics | null => phase.metrics ?? document.metrics ?? null;

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
