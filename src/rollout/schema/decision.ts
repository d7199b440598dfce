import { z } from 'zod';
import { decisionKinds } from '../control/decision-kinds.js';
import { EnvironmentName, GateName, PlanHash, RegionName, TenantName } from './names.js';

export const DecisionKind = z.enum(decisionKinds);
export type DecisionKind = z.infer<typeof DecisionKind>;

/** What a person sends with a decision. */
export const DecisionRequest = z.strictObject({
  reason: z.string().min(1).max(2_000).optional().describe('Why; required for abort, rollback, reject, skip and override'),
  gate: GateName.optional().describe('The gate that is approved or rejected; may be left out when only one waits'),
  region: RegionName.optional().describe('The region that is meant; may be left out when only one is concerned'),
  environment: EnvironmentName.optional().describe('The environment of the region, where several have a region of that name'),
  tenant: TenantName.optional().describe('The tenant of the region, where several live there'),
  plan: PlanHash.optional().describe('For approve: the plan that was looked at; refused when it is not the plan any more'),
});
export type DecisionRequest = z.infer<typeof DecisionRequest>;

/** A decision with its author, as the rollout receives it, by Update or by Signal. */
export type Decision = DecisionRequest & {
  by: string;
  /** Roles of the author. `*` is every role: the local operator of a stack without tokens. */
  roles: string[];
};
