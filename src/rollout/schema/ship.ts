import { z } from 'zod';
import { MigrationName } from './migration.js';
import { EnvironmentName, PipelineName, PlanHash } from './names.js';
import { SentRelease } from './release.js';

/** Begin at a phase although the release is not verified in the phases before it. Takes a role of `policy.override`; shown for ever. */
export const Override = z.strictObject({
  from: EnvironmentName.describe('The phase to begin with'),
  reason: z.string().min(1).max(2_000),
});
export type Override = z.infer<typeof Override>;

const lastStart = 'a time with its offset, such as 2026-11-22T01:00:00Z, or `tonight`: each region of the last phase in its own night';

/** How a release is to be shipped: everything that is asked for besides the release. */
export const ShipOptions = z.strictObject({
  to: EnvironmentName.optional().describe('The last environment to ship to; as far as the lifecycle goes by itself when absent'),
  include: z.array(EnvironmentName).max(20).optional().describe('Optional phases that the walk shall have'),
  override: Override.optional(),
  lane: z.enum(['normal', 'hotfix']).default('normal').describe('`hotfix`: first in line, with the shorter soak of `policy.hotfix`'),
  rehearse: z.boolean().default(false).describe('Deploy, undo and deploy again in the first wave, so that the undo is known to work'),
  startAt: z.union([z.iso.datetime({ offset: true, abort: true }), z.literal('tonight')], { error: `write ${lastStart}` }).optional().describe(lastStart),
  reason: z.string().min(1).max(2_000).optional().describe('Why it is shipped; required for the hot-fix lane'),
  plan: PlanHash.optional().describe('The plan that was looked at: refused when it is not the plan any more'),
});
export type ShipOptions = z.infer<typeof ShipOptions>;

/** What to ship and how far: the same body plans a rollout and starts it. */
export const ShipRequest = z.strictObject({
  pipeline: PipelineName,
  release: SentRelease.describe('The whole bundle, or only its version when the pipeline knows the release already'),
  ...ShipOptions.shape,
});
export type ShipRequest = z.infer<typeof ShipRequest>;

/** Take the old shape of migrations away, in every region: only when all of them have done without it for long enough. */
export const ContractRequest = z.strictObject({
  pipeline: PipelineName,
  migrations: z.array(MigrationName).min(1).max(100).optional().describe('All that are due when absent'),
  ...ShipOptions.pick({ startAt: true, reason: true, plan: true }).shape,
});
export type ContractRequest = z.infer<typeof ContractRequest>;
