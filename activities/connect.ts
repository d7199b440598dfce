import type { Dependencies } from './dependencies.js';
import type { MetricSource } from './ports/metric-source.js';
import type { Place, RegionTarget } from './ports/region-target.js';
import type { PlaceWork } from './work.js';
import type { Check } from '../src/rollout/schema/check.js';

export interface ConnectedTarget {
  target: RegionTarget;
  place: Place;
}

/** The target of a place, its variables resolved and its templates filled in. Secrets live only in here. */
export async function targetOf(dependencies: Dependencies, work: PlaceWork, release: string | null): Promise<ConnectedTarget> {
  const { pipeline, environment, region, tenant, settings } = work;
  const { variables, secretNames } = await dependencies.resolveVariables(settings.variables, work);
  const filled = dependencies.fillIn(settings.target, { variables, environment, region, tenant, release });
  return { target: dependencies.connectTarget(filled), place: { pipeline, environment, region, tenant, variables, secretNames } };
}

export interface ConnectedMetrics {
  /** Null when the pipeline names no metrics. */
  source: MetricSource | null;
  checks: Check[];
}

/** The metrics of a place and the questions asked of them, templates filled in. */
export async function metricsOf(dependencies: Dependencies, work: PlaceWork, release: string): Promise<ConnectedMetrics> {
  const { environment, region, tenant, settings } = work;
  if (settings.metrics === null) return { source: null, checks: settings.checks };
  const { variables } = await dependencies.resolveVariables(settings.variables, work);
  const context = { variables, environment, region, tenant, release };
  const filled = dependencies.fillIn({ metrics: settings.metrics, checks: settings.checks }, context);
  return { source: dependencies.connectMetrics(filled.metrics, variables), checks: filled.checks };
}
