import { z } from 'zod';
import { regionStatuses, rolloutStatuses } from '../states/statuses.js';
import { MigrationName } from './migration.js';
import { CheckName, EnvironmentName, GateName, PipelineName, PlanHash, RegionName, ReleaseVersion, RolloutId, TenantName } from './names.js';

const Time = z.iso.datetime();

/** `inconclusive`: there is data, and nothing is proven yet, neither way. Only `pass` lets a region through. */
export const Verdict = z.enum(['pass', 'fail', 'no-data', 'error', 'inconclusive']);
export type Verdict = z.infer<typeof Verdict>;

export const Failure = z.object({ code: z.string(), message: z.string() });
export type Failure = z.infer<typeof Failure>;

export const CheckResult = z.object({
  name: CheckName,
  kind: z.enum(['ratio', 'value', 'histogram']),
  verdict: Verdict,
  observed: z.number().nullable().describe('Share of bad since the deploy (ratio), last value (value), median (histogram); null without data'),
  limit: z.number().nullable().describe('1 − objective (ratio) or the hard limit (value); null where there is none'),
  evidence: z.number().describe('Requests (ratio, histogram) or looks (value) since the deploy'),
  logE: z.number().describe('Natural logarithm of the evidence that the release made it worse'),
  effect: z.number().nullable().describe('How many times worse than without the release; null while nobody can say'),
  interval: z.tuple([z.number(), z.number()]).nullable().describe('95 % interval of `effect`'),
  excluded: z.number().nullable().describe('Smallest effect that is excluded so far, as a factor above 1'),
  attributable: z.number().describe('Bad requests beyond what the reference would have had'),
  controls: z.array(z.string()).describe('Regions that it was compared with'),
  explanation: z.string().describe('The verdict in one line, with its numbers'),
});
export type CheckResult = z.infer<typeof CheckResult>;

export const SoakDecision = z.enum(['continue', 'hold', 'fail', 'pass', 'extend', 'inconclusive', 'no-data']);
export type SoakDecision = z.infer<typeof SoakDecision>;

/** Why a soak fails or holds. */
export const SoakCause = z.enum(['evidence', 'catastrophe', 'limit', 'global-incident', 'no-reference', 'budget', 'error']);
export type SoakCause = z.infer<typeof SoakCause>;

export const SoakProgress = z.object({
  startedAt: Time,
  credited: z.number().describe('Milliseconds of soak that count so far'),
  countingSince: Time.nullable().describe('Since when the clock runs on top of `credited`; null while it stands still'),
  required: z.number().describe('Milliseconds that must be credited'),
  max: z.number().describe('Milliseconds after which a soak that has proven nothing is inconclusive'),
  decision: SoakDecision.describe('What the judge said last, of those changes that it tells the rollout of'),
  cause: SoakCause.optional(),
  needs: z.number().optional().describe('Milliseconds after which something is expected to be proven, for `extend`'),
  explanation: z.string().describe('The decision in one line'),
  controls: z.array(z.string()).describe('Regions that did not change and are compared with; empty: the own past, or the objective alone'),
  checks: z.array(CheckResult),
});
export type SoakProgress = z.infer<typeof SoakProgress>;

export const RegionState = z.object({
  environment: EnvironmentName,
  region: RegionName,
  tenant: TenantName.optional(),
  wave: z.number().int(),
  status: z.enum(regionStatuses),
  release: ReleaseVersion.nullable().describe('What this rollout last saw running there'),
  previous: ReleaseVersion.nullable().describe('What ran there before'),
  startedAt: Time.optional(),
  finishedAt: Time.optional(),
  attempts: z.number().int(),
  note: z.string().optional().describe('What a person should know of it: why it was left out, whose soak was cut short'),
  soak: SoakProgress.optional(),
  failure: Failure.optional(),
});
export type RegionState = z.infer<typeof RegionState>;

export const WaitingFor = z.object({
  gate: GateName.describe('Name of the gate or freeze; of the region for one that is drained'),
  type: z.enum(['approval', 'window', 'metric', 'alerts', 'dependency', 'webhook', 'freeze', 'drained', 'soak']),
  environment: EnvironmentName,
  wave: z.number().int().optional().describe('Set for a gate of a wave'),
  region: RegionName.optional(),
  tenant: TenantName.optional(),
  since: Time,
  until: Time.optional().describe('When it opens by itself (window, freeze) or expires (all others)'),
  needs: z.string().describe('In words: who must do what, or what must be so'),
  approvals: z.array(z.object({ by: z.string(), at: Time })).optional().describe('Who has said yes so far'),
  asks: z.boolean().optional().describe('A soak has proven nothing, and asks whether to let it through; it asks nobody where this is absent'),
});
export type WaitingFor = z.infer<typeof WaitingFor>;

export const TimelineEntry = z.object({
  at: Time,
  kind: z.enum(['started', 'plan', 'phase', 'wave', 'region', 'gate', 'freeze', 'decision', 'override', 'refused', 'held', 'undo', 'finished']),
  environment: EnvironmentName.optional(),
  region: RegionName.optional(),
  tenant: TenantName.optional(),
  by: z.string().optional(),
  text: z.string(),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

/** A rule that was passed over: who, when, which, why. */
export const OverrideRecord = z.object({
  by: z.string(),
  at: Time,
  what: z.string().describe('The phase or gate that was passed over, in words'),
  reason: z.string(),
});
export type OverrideRecord = z.infer<typeof OverrideRecord>;

/** A rollout as the API, the CLI and the Temporal UI show it. */
export const Rollout = z.object({
  id: RolloutId,
  pipeline: PipelineName,
  number: z.number().int(),
  release: ReleaseVersion,
  contract: z.array(MigrationName).optional().describe('Migrations whose old shape it takes away; absent where it ships a release'),
  status: z.enum(rolloutStatuses),
  phase: EnvironmentName.nullable().describe('The environment that is being changed'),
  lane: z.enum(['normal', 'hotfix']),
  startedBy: z.string(),
  reason: z.string().optional().describe('Why it is shipped, as its starter said'),
  createdAt: Time,
  startAt: Time.optional().describe('When a scheduled rollout starts'),
  overrides: z.array(OverrideRecord).describe('Every rule that somebody passed over: shown for ever'),
  plan: PlanHash.describe('Hash of the plan; approvals are bound to it'),
  promoteTo: EnvironmentName.optional().describe('Where the release goes on to when this rollout has succeeded'),
  supersededBy: RolloutId.optional(),
  finishedAt: Time.optional(),
  why: z.string().describe('One sentence: what it does or waits for, and until when'),
  waitingFor: z.array(WaitingFor),
  regions: z.array(RegionState),
  budget: z.object({
    spent: z.number().describe('Bad requests that the release has cost so far'),
    limit: z.number().describe('Past it the rollout is held; more after each time that a person has let it go on'),
  }).optional().describe('The error budget of the rollout; absent where the pipeline gives none'),
  failure: Failure.optional(),
  timeline: z.array(TimelineEntry),
  links: z.object({ self: z.string(), temporal: z.string().nullable() }),
});
export type Rollout = z.infer<typeof Rollout>;

/** A rollout in a list: what Temporal's visibility knows, readable while no worker is up. */
export const RolloutSummary = Rollout.pick({
  id: true, pipeline: true, number: true, release: true, contract: true, status: true, phase: true, lane: true,
  startedBy: true, createdAt: true, startAt: true, finishedAt: true, overrides: true, why: true, links: true,
});
export type RolloutSummary = z.infer<typeof RolloutSummary>;
