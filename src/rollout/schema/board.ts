import { z } from 'zod';
import { SchemaDebt } from './migration.js';
import { EnvironmentName, PipelineName, RegionName, ReleaseVersion, RolloutId, TenantName } from './names.js';

export const BoardCell = z.object({
  environment: EnvironmentName,
  region: RegionName,
  tenant: TenantName.optional(),
  release: ReleaseVersion.nullable().describe('What runs there now; null when nothing does'),
  verified: z.boolean().describe('The release has passed its whole soak here'),
  lastKnownGood: ReleaseVersion.nullable().describe('What an undo puts back'),
  status: z.enum(['unknown', 'empty', 'changing', 'soaking', 'live', 'stuck']),
  since: z.iso.datetime(),
  changedAt: z.iso.datetime().optional().describe('When Meridian last began to put something there; absent when it never has'),
  provisional: z.iso.datetime().optional().describe('Until when the release is watched on there after its rollout: a regression takes back that it is verified'),
  drained: z.string().nullable().describe('Why rollouts leave the region out just now; null when it takes part'),
  override: z.string().nullable().describe('Who passed over which phase with this release, and why; null when nobody did'),
  rollout: RolloutId.nullable().describe('The rollout that changed the region last; null when the release was found there'),
});
export type BoardCell = z.infer<typeof BoardCell>;

/** A migration that is not at its end, as it was when its pipeline changed last. */
export const BoardDebt = SchemaDebt.pick({ migration: true, state: true, oneWay: true, due: true, needs: true });
export type BoardDebt = z.infer<typeof BoardDebt>;

/** Which release is in which region of which environment, now. */
export const Board = z.object({
  pipeline: PipelineName,
  cells: z.array(BoardCell),
  debt: z.array(BoardDebt).optional().describe('Migrations that are not at their end, and what is missing; absent while there is none'),
});
export type Board = z.infer<typeof Board>;
