import { z } from 'zod';
import { limits } from '../limits.js';
import { Check, Metrics } from './check.js';
import { Database } from './database.js';
import { Duration, LookInterval, PositiveDuration } from './duration.js';
import { Gate, Hours } from './gate.js';
import { EnvironmentName, PipelineName, RegionName, RoleName, TenantName, VariableName } from './names.js';
import { Target } from './target.js';
import { TimeZone } from './time-zone.js';

export const Owner = z.strictObject({ team: z.string().min(1).max(100), contact: z.string().min(1).max(200) });

/** A jurisdiction: `EU`, `AU`. */
const Residence = z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,19}$/, 'write a short code such as EU');

const Logo = z.url({ protocol: /^https$/, error: 'write the https address of a picture' }).max(1_000).describe('https address of a picture');

/** A place a release runs in. Weights are shares of traffic; they need not add up to 100. */
export const Region = z.strictObject({
  weight: z.number().min(0).max(1_000_000),
  timezone: TimeZone.default('UTC'),
  residency: Residence.optional().describe('Where its data belongs'),
  role: z.enum(['primary', 'secondary', 'edge']).default('primary'),
  pair: RegionName.optional().describe('The failover partner: the two never change in the same wave'),
  offPeak: Hours.optional().describe('Its quiet hours, in its own time zone; 01:00 to 05:00 when absent'),
  label: z.string().min(1).max(100).optional(),
  logo: Logo.optional(),
});
export type Region = z.infer<typeof Region>;

const Reference = z.union([
  z.strictObject({ env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'not a name of an environment variable') }),
  z.strictObject({ file: z.string().min(1).max(1_000) }),
]);

/** Somebody for whom a release runs apart, in one region or more. */
export const Tenant = z.strictObject({
  label: z.string().min(1).max(100).optional(),
  logo: Logo.optional(),
  regions: z.array(RegionName).min(1).max(limits.regions).describe('Where the tenant lives'),
  residency: Residence.optional().describe('Where its data belongs'),
  holdBack: z.string().min(1).max(500).optional().describe('Why this tenant keeps its release for now: rollouts leave it out'),
});
export type Tenant = z.infer<typeof Tenant>;

/** Hard rules: no plan puts a tenant or region of a residency anywhere else. */
export const ResidencyRules = z.strictObject({
  allow: z.record(Residence, z.array(RegionName).max(limits.regions)).describe('Residency → the regions that may hold its data'),
});
export type ResidencyRules = z.infer<typeof ResidencyRules>;

const scope = { environment: EnvironmentName.optional(), region: RegionName.optional(), tenant: TenantName.optional() };

/** A literal, or a reference that the worker resolves. The most specific scope wins: tenant over region over environment over default. */
export const VariableValue = z.union([
  z.strictObject({ value: z.union([z.string().max(4_000), z.number(), z.boolean()]), ...scope }),
  z.strictObject({ from: Reference, ...scope }),
]);
export type VariableValue = z.infer<typeof VariableValue>;

export const Variable = z
  .strictObject({
    name: VariableName,
    label: z.string().min(1).max(200).optional().describe('What people call it'),
    help: z.string().min(1).max(2_000).optional().describe('What to give, and where to find it'),
    type: z.enum(['text', 'number', 'boolean', 'url', 'choice']).default('text').describe('What its literal values must be'),
    options: z.array(z.string().min(1).max(200)).min(1).max(100).optional().describe('For `choice`: the values that it may have'),
    default: z.union([z.string().max(4_000), z.number(), z.boolean()]).optional().describe('Where no value is more specific'),
    required: z.boolean().default(false),
    secret: z.boolean().default(false),
    values: z.array(VariableValue).max(1_000).default([]),
  })
  .refine((variable) => (variable.type === 'choice') === (variable.options !== undefined), {
    message: 'options belong to type: choice, and a choice needs them', path: ['options'],
  })
  .refine((variable) => !variable.secret || variable.default === undefined, {
    message: 'a secret has no default that could be written down', path: ['default'],
  })
  .refine((variable) => !variable.secret || variable.values.every((value) => 'from' in value), {
    message: 'a secret is given by reference: { from: { env: NAME } } or { from: { file: PATH } }',
    path: ['values'],
  });
export type Variable = z.infer<typeof Variable>;

/** What a soak needs before it lets a region through. */
export const Soak = z.strictObject({
  min: PositiveDuration.default('30m').describe('Time with fresh samples that must be credited'),
  duration: PositiveDuration.optional().describe('How long a soak is meant to take; `min` when absent'),
  earlyFinish: z.boolean().default(false)
    .describe('End from `min` on, before `duration`, as soon as it is proven that nothing got worse'),
  max: PositiveDuration.default('2h').describe('How long a soak that has proven nothing is extended'),
  interval: LookInterval.default('30s').describe('Time between two looks at the metrics'),
  minSamples: z.number().int().min(1).max(1_000_000_000).default(100).describe('Requests that a ratio or a histogram needs before it can pass'),
  history: PositiveDuration.default('24h').describe('How far back the judge reads to learn the noise of the checks, where the source keeps a past'),
  onFail: z.enum(['rollback', 'hold']).default('rollback'),
  onNoData: z.literal('hold').default('hold'),
  onInconclusive: z.enum(['ask', 'hold', 'continue']).default('ask')
    .describe('When `max` has passed and nothing is proven: a person approves or rejects the region; it is held until it has soaked again; it goes on'),
  watchAfter: PositiveDuration.optional()
    .describe('How long a region is watched on after the rollout has succeeded; a regression takes back that the release is verified there'),
});
export type Soak = z.infer<typeof Soak>;

const SoakOverride = z.strictObject({
  min: PositiveDuration.optional(),
  duration: PositiveDuration.optional(),
  earlyFinish: z.boolean().optional(),
  max: PositiveDuration.optional(),
  interval: LookInterval.optional(),
  minSamples: z.number().int().min(1).max(1_000_000_000).optional(),
  history: PositiveDuration.optional(),
  onFail: z.enum(['rollback', 'hold']).optional(),
  onInconclusive: z.enum(['ask', 'hold', 'continue']).optional(),
  watchAfter: PositiveDuration.optional(),
});

const Percentage = z
  .string().regex(/^\d{1,3}(\.\d{1,6})?%$/, 'write a share as 10%')
  .refine((share) => Number.parseFloat(share) > 0 && Number.parseFloat(share) <= 100, 'a share is more than 0% and at most 100%');

const ExplicitWaves = z.array(z.array(RegionName).min(1).max(limits.regions)).min(1).max(limits.waves);

const maxFirstExposure = Percentage.optional().describe('Largest share of traffic that the first wave may touch, as far as one region allows');

const SmallestFirst = z.strictObject({
  order: z.literal('smallest-first').describe('By weight, smallest first, largest last; in the order of the document where weights are equal'),
  sizes: z
    .array(z.union([z.number().int().min(1).max(limits.regions), z.literal('rest')]))
    .min(1)
    .max(limits.waves)
    .refine((sizes) => !sizes.slice(0, -1).includes('rest'), 'rest takes what is left, so it stands last')
    .optional()
    .describe('Regions in each wave; the last size repeats; `rest` takes what is left. One by one when absent'),
  maxFirstExposure,
});

/** One wave of all regions in which only so many change at once: the next one starts as soon as one is done. */
const Rolling = z.strictObject({
  order: z.literal('rolling'),
  concurrency: z.number().int().min(1).max(limits.regions).describe('Regions that change at once'),
  maxFirstExposure,
});

const ComputedWaves = z.discriminatedUnion('order', [SmallestFirst, Rolling]);

/** Explicit lists; `all` at once (failover pairs apart); or computed. */
export const Waves = z.union([ExplicitWaves, z.literal('all'), ComputedWaves]);
export type Waves = z.infer<typeof Waves>;

/** One environment of the lifecycle. Phases run in the order of the document; only an optional one can be left out. */
export const Phase = z.strictObject({
  environment: EnvironmentName,
  optional: z.boolean().default(false).describe('The walk leaves it out unless it is asked for, and never waits for it'),
  promotion: z.enum(['automatic', 'manual']).default('automatic').describe('`manual`: the walk ends before it, until somebody promotes the release'),
  waves: Waves.default({ order: 'smallest-first' }),
  concurrency: z.number().int().min(1).max(limits.regions).optional().describe('Regions of a wave that change at once; all of them when absent'),
  tenants: z.enum(['sequence', 'together']).default('sequence').describe('How the tenants of one region change: one after the other, or all at once'),
  gates: z.array(Gate).max(20).default([]).describe('Before the phase starts'),
  waveGates: z.array(Gate).max(20).default([]).describe('Before each wave starts'),
  regionGates: z.array(Gate).max(20).default([]).describe('Before each region starts'),
  soak: SoakOverride.optional(),
  target: Target.optional(),
  database: Database.optional(),
  metrics: Metrics.optional(),
});
export type Phase = z.infer<typeof Phase>;

const administrators = { roles: ['admin'] };

/** A quick way for a fix: first in line, and with a shorter soak, which is never none. */
export const HotfixLane = z.strictObject({
  soak: PositiveDuration.describe('Replaces `soak.min` where that is longer; at least two looks at the metrics'),
  roles: z.array(RoleName).min(1).max(20).default(administrators.roles).describe('Who may take it'),
});

export const Policy = z.strictObject({
  overlap: z.enum(['queue', 'supersede', 'reject']).default('queue')
    .describe('What happens to a rollout that starts while another one runs: it waits; it takes over at the edge of a wave; it is refused'),
  hotfix: HotfixLane.optional().describe('There is no hot-fix lane when absent'),
  override: z.strictObject({ roles: z.array(RoleName).min(1).max(20) }).default(administrators)
    .describe('Who may pass over a phase or a gate, with a reason'),
  onRegression: z.enum(['hold', 'rollback']).default('hold').describe('After a region was rolled back: ask a person, or undo the whole rollout'),
  staleBaseline: z.enum(['hold', 'accept']).default('hold')
    .describe('When a region does not run what the board says: ask a person, or take what is there as what was before'),
  joiners: z.enum(['ship', 'wait']).default('ship')
    .describe('What a new region or tenant gets: the last verified release by itself, or nothing until somebody ships'),
  errorBudget: z.number().int().min(1).max(1_000_000_000_000).optional()
    .describe('Bad requests that a release may cost in all, summed over the regions of its rollout, beyond what there would have been without it; past it the rollout is held'),
  undoTimeout: Duration.default('5m').describe('An undo that has not worked for this long is stuck and asks for a person'),
});

export const PipelineDocument = z.strictObject({
  apiVersion: z.literal('meridian/v1'),
  kind: z.literal('Pipeline'),
  name: PipelineName,
  owner: Owner,
  regions: z
    .record(RegionName, Region)
    .refine((regions) => Object.keys(regions).length > 0, 'a pipeline needs at least one region')
    .refine((regions) => Object.keys(regions).length <= limits.regions, `a pipeline has at most ${limits.regions} regions`),
  tenants: z.record(TenantName, Tenant)
    .refine((tenants) => Object.keys(tenants).length <= limits.tenants, `a pipeline has at most ${limits.tenants} tenants`)
    .optional(),
  residency: ResidencyRules.optional(),
  variables: z.array(Variable).max(500).default([]),
  target: Target,
  database: Database.optional(),
  metrics: Metrics.optional(),
  checks: z.array(Check).max(50).default([]),
  soak: Soak.default(Soak.parse({})),
  lifecycle: z.array(Phase).min(1).max(20),
  policy: Policy.default(Policy.parse({})),
});
export type PipelineDocument = z.infer<typeof PipelineDocument>;
