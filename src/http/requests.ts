import { z } from 'zod';
import { needsReason, type DecisionKind } from '../rollout/decision-kinds.js';
import { DecisionRequest } from '../rollout/schema/decision.js';
import { EnvironmentName, PipelineName, RegionName, ReleaseVersion, RolloutId } from '../rollout/schema/names.js';
import { Release } from '../rollout/schema/release.js';
import { rolloutStatuses } from '../rollout/statuses.js';

/** What to ship and how far: the same body plans a rollout and starts it. */
export const ShipRequest = z.strictObject({
  pipeline: PipelineName,
  release: Release.describe('The whole bundle, or only its version when the pipeline knows the release already'),
  to: EnvironmentName.optional().describe('The last environment to ship to; the whole lifecycle when absent'),
});
export type ShipRequest = z.infer<typeof ShipRequest>;

const ReasonedRequest = z.strictObject({ ...DecisionRequest.shape, reason: DecisionRequest.shape.reason.unwrap().describe('Why') });

/** The body of a decision: what `DecisionRequest` says, with the reason where it is required. */
export const decisionRequest = (kind: DecisionKind): typeof DecisionRequest | typeof ReasonedRequest =>
  needsReason(kind) ? ReasonedRequest : DecisionRequest;

export const PipelineParams = z.strictObject({ name: PipelineName });
export const RolloutParams = z.strictObject({ id: RolloutId });

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
