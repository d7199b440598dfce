import { z } from 'zod';
import { MigrationName, StatementEffect } from './migration.js';
import { EnvironmentName, GateName, PipelineName, PlanHash, RegionName, ReleaseVersion, TenantName } from './names.js';

export const PlannedGate = z.object({
  name: GateName,
  type: z.enum(['approval', 'window', 'metric', 'alerts', 'dependency', 'webhook']),
  needs: z.string().describe('In words: who must do what, or what must be so'),
});
export type PlannedGate = z.infer<typeof PlannedGate>;

/** One region, or one tenant of a region: what a region workflow changes. */
export const PlannedRegion = z.object({
  region: RegionName,
  tenant: TenantName.optional(),
  why: z.string().describe('Why it stands in this place'),
  comparedWith: z.array(RegionName).describe('Regions that do not change while it soaks: what it is expected to be compared with. Empty: with its own past only'),
});
export type PlannedRegion = z.infer<typeof PlannedRegion>;

export const PlannedWave = z.object({
  number: z.number().int().describe('Counted from 1 within the phase'),
  regions: z.array(PlannedRegion).describe('Tenants of one region stand together, in their order'),
  concurrency: z.number().int().describe('Regions that change at once'),
  exposure: z.number().describe('Share of the environment\'s traffic on the new release after this wave, 0 to 1'),
});
export type PlannedWave = z.infer<typeof PlannedWave>;

export const PlannedPhase = z.object({
  environment: EnvironmentName,
  gates: z.array(PlannedGate),
  waveGates: z.array(PlannedGate),
  regionGates: z.array(PlannedGate),
  waves: z.array(PlannedWave),
  tenants: z.enum(['sequence', 'together']),
  rehearse: z.boolean().describe('The first wave deploys, undoes and deploys again'),
  soakMs: z.object({ min: z.number(), max: z.number(), interval: z.number() }),
  minSamples: z.number().int(),
});
export type PlannedPhase = z.infer<typeof PlannedPhase>;

/** What the walk leaves out, and why: an optional phase, a tenant that is held back, a phase that was passed over. */
export const LeftOut = z.object({
  environment: EnvironmentName,
  region: RegionName.optional(),
  tenant: TenantName.optional(),
  why: z.string(),
});
export type LeftOut = z.infer<typeof LeftOut>;

/** What happens to the schema of the places. */
export const PlannedMigration = z.object({
  name: MigrationName,
  work: z.enum(['expand', 'contract']),
  places: z.array(z.string()).describe('`<environment>/<region>[/<tenant>]`, in the order of the walk'),
  backfills: z.boolean().describe('Rows that are there are brought into the new shape'),
  syncs: z.boolean().describe('Triggers keep both shapes in step until the contract'),
  oneWay: z.boolean().describe('There is no way back from this work'),
  contract: z.enum(['none', 'later', 'reversible', 'one-way']).describe('What may follow an expand: no contract is known; the release still needs the old shape; a contract of this kind'),
  effects: z.array(StatementEffect).describe('Its statements, in order'),
});
export type PlannedMigration = z.infer<typeof PlannedMigration>;

export const PointOfNoReturn = z.object({
  environment: EnvironmentName.describe('Where it is passed first'),
  migrations: z.array(MigrationName),
  why: z.string().describe('In one sentence: what cannot be undone afterwards'),
});
export type PointOfNoReturn = z.infer<typeof PointOfNoReturn>;

/** What a rollout will do, before it does anything. */
export const Plan = z.object({
  pipeline: PipelineName,
  revision: z.number().int().describe('Revision of the pipeline document that the plan was made from'),
  release: ReleaseVersion,
  bundle: PlanHash.nullable().describe('Hash of the artifact and the config of the release; null while they are not known'),
  hash: PlanHash.describe('Of everything that the rollout will do: two plans with the same hash do the same'),
  lane: z.enum(['normal', 'hotfix']),
  phases: z.array(PlannedPhase).describe('The walk: begins at the first phase where the release is not yet verified in every region'),
  alreadyVerified: z.array(EnvironmentName).describe('Phases that the walk leaves out because the release is verified in each of their regions'),
  leftOut: z.array(LeftOut),
  next: EnvironmentName.nullable().describe('Where the lifecycle goes on after the walk, by `promote`; null at its end'),
  warnings: z.array(z.string()).describe('What an experienced person would ask about'),
  work: z.enum(['ship', 'contract']).describe('`contract`: no code changes, the old shape of migrations goes away'),
  migrations: z.array(PlannedMigration).describe('What happens to the schema, in this order'),
  pointOfNoReturn: PointOfNoReturn.nullable().describe('The step after which there is no way back; null while every step has an undo'),
  expectedMs: z.object({ min: z.number(), max: z.number() }).describe('All soaks together, without gates'),
});
export type Plan = z.infer<typeof Plan>;

/** When things are expected to happen; estimates, no promise. */
export const Timetable = z.object({
  start: z.iso.datetime(),
  end: z.iso.datetime().describe('When every gate opens at once and every soak takes its minimum'),
  latest: z.iso.datetime().describe('The same with every soak at its maximum'),
  regions: z.array(z.object({
    environment: EnvironmentName,
    region: RegionName,
    tenant: TenantName.optional(),
    start: z.iso.datetime(),
    end: z.iso.datetime(),
    waits: z.string().optional().describe('The window or freeze that it waits for, in words'),
    deployMs: z.number().describe('How long the deploy takes: the middle of past ones, or a guess'),
    isGuess: z.boolean().describe('True while no deploy has been seen there'),
  })),
});
export type Timetable = z.infer<typeof Timetable>;

/** A plan as the API answers it: with the times and the approvals that it will need. */
export const PlanAnswer = z.object({
  ...Plan.shape,
  timetable: Timetable,
  approvals: z.array(z.object({
    gate: GateName,
    environment: EnvironmentName,
    scope: z.enum(['phase', 'wave', 'region']),
    times: z.number().int().describe('How often it is asked for: once, or for each wave or region'),
    needs: z.string(),
  })),
});
export type PlanAnswer = z.infer<typeof PlanAnswer>;
