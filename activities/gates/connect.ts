import type { Metrics } from '../../src/rollout/schema/check.js';
import type { Dependencies, RegionVariables } from '../dependencies.js';
import type { MetricSource } from '../ports/metric-source.js';
import type { GateWork } from '../work.js';

/** What the templates of a gate are filled in with. Secrets live only in here. */
export interface GateContext extends RegionVariables {
  fill<T>(settings: T): T;
}

/** The variables of the place that a gate guards; a phase or a wave has those of its environment. */
export async function contextOf(dependencies: Dependencies, work: GateWork): Promise<GateContext> {
  const { environment, region, tenant, release, settings } = work;
  const place = { environment, region, tenant };
  const resolved = await dependencies.resolveVariables(settings.variables, place);
  const context = { variables: resolved.variables, ...place, release: release.version };
  return { ...resolved, fill: (template) => dependencies.fillIn(template, context) };
}

export const sourceOf = (dependencies: Dependencies, metrics: Metrics, { fill, variables, secretNames }: GateContext): MetricSource =>
  dependencies.connectMetrics(fill(metrics), variables, secretNames);
