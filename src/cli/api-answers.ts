import { z } from 'zod';
import { Freeze } from '../rollout/schema/freeze.js';
import { KnownMigration, SchemaDebt, SchemaPhase } from '../rollout/schema/migration.js';
import { RolloutSummary } from '../rollout/schema/rollout.js';
import { TenantProgress } from '../rollout/schema/tenant-progress.js';

/** Answers of the API that are no shape of the rules: what the command line reads of them. */

/** What applying a pipeline document came to. */
export const Applied = z.object({
  name: z.string(),
  revision: z.number().int(),
  changed: z.boolean(),
  warnings: z.array(z.string()),
});
export type Applied = z.infer<typeof Applied>;

export const RolloutPage = z.object({ items: z.array(RolloutSummary) });

/** A freeze that somebody has just taken hold of. Warnings name what its scope names and nobody has. */
export const Held = z.object({ ...Freeze.shape, warnings: z.array(z.string()) });
export type Held = z.infer<typeof Held>;

/** After a hold was lifted: the freeze as it still stands, null when nobody holds it any more. */
export const Lifted = z.object({ freeze: Freeze.nullable() });
export type Lifted = z.infer<typeof Lifted>;

/** Region → why rollouts leave it out. */
export const Drained = z.object({ drained: z.record(z.string(), z.string()) });
export type Drained = z.infer<typeof Drained>;

/** `<environment>/<region>[/<tenant>]` of the places where the release was verified and is not any more. */
export const Revoked = z.object({ places: z.array(z.string()) });
export type Revoked = z.infer<typeof Revoked>;

/** How far the newest release has come, tenant by tenant. */
export const Tenants = z.object({ release: z.string().nullable(), items: z.array(TenantProgress) });
export type Tenants = z.infer<typeof Tenants>;

/** A migration of a pipeline: how far it is where, and what is missing to its end. */
export const MigrationItem = z.looseObject({
  name: z.string(),
  checksums: KnownMigration.shape.checksums,
  release: z.string(),
  oneWay: z.boolean(),
  hasContract: z.boolean(),
  places: z.record(z.string(), SchemaPhase),
  debt: SchemaDebt.optional(),
});
export type MigrationItem = z.infer<typeof MigrationItem>;
