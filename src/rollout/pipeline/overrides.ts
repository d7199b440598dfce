import type { PipelineDocument } from '../schema/pipeline.js';
import type { Plan } from '../schema/plan.js';
import type { OverrideRecord } from '../schema/rollout.js';
import type { ShipOptions } from '../schema/ship.js';

/** What is asked for, by whom, and what it comes to. */
interface Overriding {
  request: { options: ShipOptions; by: string };
  document: PipelineDocument;
  plan: Plan;
}

/**
 * The record of the phases that a rollout passes over: those before `override.from` that everybody else has to pass, and that the release
 * is not verified in. Undefined when there is none. `at` is ISO 8601.
 */
export function passedOver({ request: { options, by }, document: { lifecycle }, plan }: Overriding, at: string): OverrideRecord | undefined {
  const { override } = options;
  if (override === undefined) return undefined;
  const before = lifecycle.slice(0, lifecycle.findIndex(({ environment }) => environment === override.from));
  const skipped = before.filter(({ environment, optional }) => !optional && !plan.alreadyVerified.includes(environment));
  if (skipped.length === 0) return undefined;
  const names = skipped.map(({ environment }) => environment).join(' and ');
  return { by, at, what: `${names}, where ${plan.release} is not verified`, reason: override.reason };
}
