import type { Dependencies } from './dependencies.js';
import type { MetricSource } from './ports/metric-source.js';
import type { Place, RegionTarget } from './ports/region-target.js';
import type { Control, PlaceWork } from './work.js';
import type { RegionSettings } from '../src/rollout/document/settings.js';
import type { Place as PlaceAt } from '../src/rollout/places.js';
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
export const metricsOf = (dependencies: Dependencies, { settings, ...place }: PlaceWork, release: string | null): Promise<ConnectedMetrics> =>
  connect(dependencies, { ...place, ...settings }, release);

/** The same questions, asked of a place that does not change. */
export const metricsOfControl = (dependencies: Dependencies, control: Control, checks: Check[]): Promise<ConnectedMetrics> =>
  connect(dependencies, { ...control, checks }, control.release ?? null);

type Asked = PlaceAt & Pick<RegionSettings, 'metrics' | 'variables' | 'checks'>;

async function connect(dependencies: Dependencies, asked: Asked, release: string | null): Promise<ConnectedMetrics> {
  const { environment, region, tenant, metrics, checks } = asked;
  if (metrics === null) return { source: null, checks };
  const { variables, secretNames } = await dependencies.resolveVariables(asked.variables, asked);
  const filled = dependencies.fillIn({ metrics, checks }, { variables, environment, region, tenant, release });
  return { source: dependencies.connectMetrics(filled.metrics, variables, secretNames), checks: filled.checks };
}
