import { z } from 'zod';
import { needsReason, type DecisionKind } from '../rollout/control/decision-kinds.js';
import { DecisionRequest } from '../rollout/schema/decision.js';
import {
  BlockName, EnvironmentName, FreezeName, PipelineName, RegionName, ReleaseVersion, RolloutId, ScheduleName, TenantName,
} from '../rollout/schema/names.js';
import { rolloutStatuses } from '../rollout/states/statuses.js';

const ReasonedRequest = z.strictObject({ ...DecisionRequest.shape, reason: DecisionRequest.shape.reason.unwrap().describe('Why') });

/** The body of a decision: what `DecisionRequest` says, with the reason where it is required. */
export const decisionRequest = (kind: DecisionKind): typeof DecisionRequest | typeof ReasonedRequest =>
  needsReason(kind) ? ReasonedRequest : DecisionRequest;

export const PipelineParams = z.strictObject({ name: PipelineName });
export const RolloutParams = z.strictObject({ id: RolloutId });
export const FreezeParams = z.strictObject({ name: FreezeName });
export const BlockParams = z.strictObject({ name: BlockName });
export const ScheduleParams = z.strictObject({ name: ScheduleName });
export const DrainParams = z.strictObject({ name: PipelineName, region: RegionName });
export const ReleaseParams = z.strictObject({ name: PipelineName, version: ReleaseVersion });

export const SoakParams = z.strictObject({ id: RolloutId, environment: EnvironmentName, region: RegionName });

const reason = z.string().min(1).max(2_000);
const place = {
  environment: EnvironmentName.optional(),
  region: RegionName.optional(),
  tenant: TenantName.optional(),
};

export const DrainBody = z.strictObject({ reason: reason.describe('Why rollouts leave the region out') });

/** Where a release is no longer verified: in each place that matches what is given, everywhere when nothing is. */
export const RevokeBody = z.strictObject({ ...place, reason: reason.describe('What was seen of the release there') });

export const MissingQuery = z.strictObject({
  environment: place.environment.describe('Only what this environment lacks'),
  region: place.region.describe('Only what this region lacks; one that the document does not have yet is taken as if it had'),
  tenant: place.tenant.describe('Only what this tenant lacks; one that the document does not have yet is taken as if it had'),
});

export const SoakQuery = z.strictObject({
  tenant: place.tenant.describe('Where tenants have releases of their own'),
  attempt: z.coerce.number().int().min(1).optional().describe('The last soak of this attempt; the last one of all when absent'),
});

export const LiftQuery = z.strictObject({
  owner: z.string().min(1).max(100).optional().describe('Whose hold is lifted: yours when absent, every hold with `*`'),
});

export const ContractQuery = z.strictObject({ preview: z.enum(['true', 'false']).default('false').describe('`true`: answer the plan, and start nothing') });

const paging = {
  limit: z.coerce.number().int().min(1).max(100).default(50).describe('Items on one page'),
  cursor: z.string().min(1).max(4_000).optional().describe('`next` of the page before'),
};

export const PageQuery = z.strictObject(paging);

export const RolloutsQuery = z.strictObject({
  pipeline: PipelineName.optional(),
  status: z.enum(rolloutStatuses).optional(),
  release: ReleaseVersion.optional(),
  region: RegionName.optional().describe('Rollouts that change this region in any environment'),
  ...paging,
});
export type RolloutsQuery = z.infer<typeof RolloutsQuery>;

export const BoardQuery = z.strictObject({ pipeline: PipelineName.optional(), ...paging });
