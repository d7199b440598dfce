import { z } from 'zod';
import { Block } from '../rollout/schema/block.js';
import { Board, BoardCell } from '../rollout/schema/board.js';
import { Freeze } from '../rollout/schema/freeze.js';
import { KnownMigration, SchemaDebt, SchemaPhase } from '../rollout/schema/migration.js';
import { MissingVariable } from '../rollout/schema/missing.js';
import { EnvironmentName, PipelineName, RegionName, ReleaseVersion, RolloutId, TenantName } from '../rollout/schema/names.js';
import { Owner, PipelineDocument } from '../rollout/schema/pipeline.js';
import { Release, RevocationRecord } from '../rollout/schema/release.js';
import { OverrideRecord, RolloutSummary } from '../rollout/schema/rollout.js';
import { Schedule } from '../rollout/schema/schedule.js';
import { TenantProgress } from '../rollout/schema/tenant-progress.js';

const Time = z.iso.datetime();
const placeHelp = '`<environment>/<region>`, with `/<tenant>` where tenants have releases of their own';
const place = { environment: EnvironmentName, region: RegionName, tenant: TenantName.optional() };
const links = z.object({
  self: z.string(),
  temporal: z.string().nullable().describe('The workflow in the Temporal UI; null when its address is not known'),
});

/** A page of a list. `next` is the cursor of the page after; absent on the last one. */
const pageOf = <Item extends z.ZodType>(item: Item) => z.object({ items: z.array(item), next: z.string().optional() });

export const Applied = z.object({
  name: PipelineName,
  revision: z.number().int(),
  created: z.boolean(),
  changed: z.boolean().describe('False when the document was already the current one: the revision stays'),
  warnings: z.array(z.string()),
  links,
});
export type Applied = z.infer<typeof Applied>;

/** A pipeline in a list: what Temporal's visibility knows, readable while no worker is up. */
export const PipelineSummary = z.object({
  name: PipelineName,
  owner: Owner,
  revision: z.number().int(),
  environments: z.array(EnvironmentName),
  updatedAt: Time,
  board: z.array(BoardCell),
  links,
});
export type PipelineSummary = z.infer<typeof PipelineSummary>;

/** A migration as a pipeline knows it, without its SQL. */
export const MigrationState = z.object({
  ...KnownMigration.pick({ name: true, checksums: true, effects: true }).shape,
  release: ReleaseVersion.describe('The release that brought it'),
  oneWay: z.boolean().describe('It has a contract, and no way back from it'),
  hasContract: z.boolean(),
  backfills: z.boolean().describe('Rows that are there are brought into the new shape'),
  syncs: z.boolean().describe('Triggers keep both shapes in step until the contract'),
  places: z.record(z.string(), SchemaPhase).describe(`${placeHelp} → how far it is there; a place that is not there has nothing of it`),
});
export type MigrationState = z.infer<typeof MigrationState>;

export const Pipeline = z.object({
  name: PipelineName,
  revision: z.number().int(),
  createdAt: Time,
  updatedAt: Time,
  updatedBy: z.string(),
  document: PipelineDocument,
  board: z.array(BoardCell),
  releases: z
    .array(z.object({
      release: Release,
      firstSeenAt: Time,
      verified: z.record(z.string(), Time).describe(`${placeHelp} → when the release passed its soak there`),
      overrides: z.array(OverrideRecord).describe('Phases and gates that were passed over with it'),
      revocations: z.array(RevocationRecord).describe('What people have taken back of it, and why; newest last'),
    }))
    .describe('Known releases, newest last'),
  locks: z.record(z.string(), RolloutId).describe('Environment → the rollout that holds it'),
  queue: z.array(RolloutId).describe('Rollouts that wait for their environments, first in line first'),
  migrations: z.array(MigrationState).describe('Every migration that its releases have brought, in the order in which they came; without the SQL'),
  debt: z.array(SchemaDebt).describe('Migrations that are not at their end, and what is missing; oldest first'),
  drained: z.record(RegionName, z.string()).describe('Region → why rollouts leave it out just now'),
  owed: z.array(z.object(place)).describe('Places that are behind through no fault of theirs and get the last verified release'),
  deployMs: z.record(z.string(), z.array(z.number())).describe(`${placeHelp} → how long the last deploys took there, newest last`),
  freezes: z.array(Freeze).describe('Freezes that may concern the pipeline, begun or not'),
  blocks: z.array(Block).describe('Blocks that may concern the pipeline'),
  links,
});
export type Pipeline = z.infer<typeof Pipeline>;

export const PipelinePage = pageOf(PipelineSummary);
export type PipelinePage = z.infer<typeof PipelinePage>;
export const RolloutPage = pageOf(RolloutSummary);
export type RolloutPage = z.infer<typeof RolloutPage>;
export const BoardPage = pageOf(Board);
export type BoardPage = z.infer<typeof BoardPage>;
export const FreezePage = pageOf(Freeze);
export type FreezePage = z.infer<typeof FreezePage>;
export const BlockPage = pageOf(Block);
export type BlockPage = z.infer<typeof BlockPage>;
export const SchedulePage = pageOf(Schedule);
export type SchedulePage = z.infer<typeof SchedulePage>;

/** A freeze that somebody has just taken hold of. */
export const Held = z.object({
  ...Freeze.shape,
  warnings: z.array(z.string()).describe('Names in its scope that no pipeline has: probably typos, which would stop nothing'),
});
export type Held = z.infer<typeof Held>;

/** After one hold was lifted. */
export const Lifted = z.object({ freeze: Freeze.nullable().describe('As it still stands; null when nobody holds it any more') });
export type Lifted = z.infer<typeof Lifted>;

export const Drained = z.object({ drained: Pipeline.shape.drained });
export type Drained = z.infer<typeof Drained>;

export const Revoked = z.object({ places: z.array(z.string()).describe(`${placeHelp}: where the release was verified and is not any more`) });
export type Revoked = z.infer<typeof Revoked>;

/** Every migration that a pipeline knows, with what keeps it from its end. */
export const Migrations = z.object({
  items: z.array(z.object({ ...MigrationState.shape, debt: SchemaDebt.optional().describe('What is missing; absent where it is at its end') })),
});
export type Migrations = z.infer<typeof Migrations>;

/** Every required variable without a value, place by place. */
export const Missing = z.object({ items: z.array(MissingVariable) });
export type Missing = z.infer<typeof Missing>;

/** How far the newest release has come, tenant by tenant. */
export const Tenants = z.object({
  release: ReleaseVersion.nullable().describe('The newest release that the pipeline knows; null before the first'),
  items: z.array(TenantProgress),
});
export type Tenants = z.infer<typeof Tenants>;

export const Health = z.object({ status: z.literal('ok') });
export type Health = z.infer<typeof Health>;

export const Readiness = z.object({
  status: z.enum(['ready', 'not-ready']),
  checks: z.array(z.object({
    name: z.enum(['temporal', 'worker']),
    ok: z.boolean(),
    detail: z.string().describe('What was found, and what to do when it is not there'),
  })),
});
export type Readiness = z.infer<typeof Readiness>;
