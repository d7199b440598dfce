import { z } from 'zod';
import { regionStatuses, rolloutStatuses } from '../statuses.js';
import { CheckName, EnvironmentName, GateName, PipelineName, RegionName, ReleaseVersion, RolloutId } from './names.js';

const Time = z.iso.datetime();

export const Verdict = z.enum(['pass', 'fail', 'no-data', 'error']);
export type Verdict = z.infer<typeof Verdict>;

export const Failure = z.object({ code: z.string(), message: z.string() });
export type Failure = z.infer<typeof Failure>;

export const CheckResult = z.object({
  name: CheckName,
  kind: z.enum(['ratio', 'max', 'min']).describe('How `observed` is held against `limit`: a share of bad at most, a value at most, a value at least'),
  verdict: Verdict,
  observed: z.number().nullable().describe('Share of bad (ratio) or the last value (value); null without data'),
  limit: z.number().describe('The bound that `observed` is held against'),
  evidence: z.number().describe('Requests (ratio) or samples (value) that the verdict rests on'),
  explanation: z.string().describe('The verdict in one line, with its numbers'),
});
export type CheckResult = z.infer<typeof CheckResult>;

export const SoakProgress = z.object({
  startedAt: Time,
  credited: z.number().describe('Milliseconds of soak that count so far'),
  countingSince: Time.nullable().describe('Since when the clock runs on top of `credited`; null while it stands still'),
  required: z.number().describe('Milliseconds that must be credited'),
  max: z.number().describe('Milliseconds after which missing evidence holds the region'),
  checks: z.array(CheckResult),
});
export type SoakProgress = z.infer<typeof SoakProgress>;

export const RegionState = z.object({
  environment: EnvironmentName,
  region: RegionName,
  wave: z.number().int(),
  status: z.enum(regionStatuses),
  release: ReleaseVersion.nullable().describe('What this rollout last saw running there'),
  previous: ReleaseVersion.nullable().describe('What ran there before'),
  startedAt: Time.optional(),
  finishedAt: Time.optional(),
  attempts: z.number().int(),
  soak: SoakProgress.optional(),
  failure: Failure.optional(),
});
export type RegionState = z.infer<typeof RegionState>;

export const WaitingFor = z.object({
  gate: GateName,
  type: z.enum(['approval']),
  environment: EnvironmentName,
  region: RegionName.optional(),
  since: Time,
  until: Time.optional(),
  needs: z.string(),
});
export type WaitingFor = z.infer<typeof WaitingFor>;

export const TimelineEntry = z.object({
  at: Time,
  kind: z.enum(['started', 'phase', 'wave', 'region', 'gate', 'decision', 'refused', 'held', 'undo', 'finished']),
  environment: EnvironmentName.optional(),
  region: RegionName.optional(),
  by: z.string().optional(),
  text: z.string(),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

/** A rollout as the API, the CLI and the Temporal UI show it. */
export const Rollout = z.object({
  id: RolloutId,
  pipeline: PipelineName,
  number: z.number().int(),
  release: ReleaseVersion,
  status: z.enum(rolloutStatuses),
  phase: EnvironmentName.nullable().describe('The environment that is being changed'),
  startedBy: z.string(),
  createdAt: Time,
  finishedAt: Time.optional(),
  why: z.string().describe('One sentence: what it does or waits for, and until when'),
  waitingFor: z.array(WaitingFor),
  regions: z.array(RegionState),
  failure: Failure.optional(),
  timeline: z.array(TimelineEntry),
  links: z.object({ self: z.string(), temporal: z.string().nullable() }),
});
export type Rollout = z.infer<typeof Rollout>;

/** A rollout in a list: what Temporal's visibility knows, readable while no worker is up. */
export const RolloutSummary = Rollout.pick({
  id: true, pipeline: true, number: true, release: true, status: true, phase: true,
  startedBy: true, createdAt: true, finishedAt: true, why: true, links: true,
});
export type RolloutSummary = z.infer<typeof RolloutSummary>;
