import { z } from 'zod';
import { EnvironmentName, GateName, PipelineName, RegionName, ReleaseVersion } from './names.js';

export const PlannedGate = z.object({
  name: GateName,
  type: z.enum(['approval']),
  needs: z.string().describe('In words: who must do what'),
});

export const PlannedWave = z.object({
  number: z.number().int().describe('Counted from 1 within the phase'),
  regions: z.array(z.object({
    region: RegionName,
    why: z.string().describe('Why the region stands in this place'),
  })),
  concurrency: z.number().int(),
  exposure: z.number().describe('Share of the environment\'s traffic on the new release after this wave, 0 to 1'),
});
export type PlannedWave = z.infer<typeof PlannedWave>;

export const PlannedPhase = z.object({
  environment: EnvironmentName,
  gates: z.array(PlannedGate),
  regionGates: z.array(PlannedGate),
  waves: z.array(PlannedWave),
  soakMs: z.object({ min: z.number(), max: z.number(), interval: z.number() }),
  minSamples: z.number().int(),
});
export type PlannedPhase = z.infer<typeof PlannedPhase>;

/** What a rollout will do, before it does anything. */
export const Plan = z.object({
  pipeline: PipelineName,
  revision: z.number().int().describe('Revision of the pipeline document that the plan was made from'),
  release: ReleaseVersion,
  phases: z.array(PlannedPhase).describe('The walk: begins at the first phase where the release is not yet verified in every region'),
  alreadyVerified: z.array(EnvironmentName).describe('Phases that the walk leaves out because the release is verified in each of their regions'),
  warnings: z.array(z.string()),
  expectedMs: z.object({ min: z.number(), max: z.number() }).describe('All soaks together, without gates'),
});
export type Plan = z.infer<typeof Plan>;
