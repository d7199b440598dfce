import type { PipelineDocument } from './schema/pipeline.js';
import type { Plan } from './schema/plan.js';
import type { OverrideRecord } from './schema/rollout.js';
import type { ShipOptions } from './schema/ship.js';

/**
 * The record of the phases that a rollout passes over: those before `override.from` that everybody else has to pass, and that the release
 * is not verified in. Undefined when there is none.
 */
export function passedOver(
  { document, plan, request: { options, by } }: { document: PipelineDocument; plan: Plan; request: { options: ShipOptions; by: string } }, at: string,
): OverrideRecord | undefined {
  const { override } = options;
  if (override === undefined) return undefined;
  const names = document.lifecycle.map(({ environment }) => environment);
  const before = document.lifecycle.slice(0, names.indexOf(override.from));
  const skipped = before.filter(({ environment, optional }) => !optional && !plan.alreadyVerified.includes(environment)).map(({ environment }) => environment);
  return skipped.length === 0 ? undefined : { by, at, what: `${skipped.join(' and ')}, where ${plan.release} is not verified`, reason: override.reason };
}
