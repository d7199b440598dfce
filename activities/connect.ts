import type { Dependencies } from './dependencies.js';
import type { RegionDatabase, SchemaStep } from './ports/database.js';
import type { MetricSource } from './ports/metric-source.js';
import type { Place, RegionTarget } from './ports/region-target.js';
import { MeridianFailure } from '../src/rollout/failure.js';
import type { Control, PlaceWork, SchemaWork } from './work.js';
import type { RegionSettings } from '../src/rollout/document/settings.js';
import { placeKey, type Place as PlaceAt } from '../src/rollout/places.js';
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

/** Works in the database of a place, its URL resolved, and closes every connection afterwards. */
export async function databaseOf<T>(
  dependencies: Dependencies, work: SchemaWork, use: (database: RegionDatabase, step: SchemaStep) => Promise<T>,
): Promise<T> {
  const { pipeline, environment, region, tenant, settings, rollout, migrations, release } = work;
  if (settings.database === null) throw new MeridianFailure('DatabaseRefused', `${placeKey(work)} has no database: give the pipeline or the environment one.`);
  const { variables } = await dependencies.resolveVariables(settings.variables, work);
  const filled = dependencies.fillIn(settings.database, { variables, environment, region, tenant, release: release.version });
  const database = dependencies.connectDatabase(filled);
  try {
    return await use(database, { pipeline, place: placeKey(work), rollout, migrations });
  } finally {
    await database.close();
  }
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
