import { z } from 'zod';
import { limits } from '../limits.js';
import { Check, Metrics } from './check.js';
import { Duration, LookInterval, PositiveDuration } from './duration.js';
import { EnvironmentName, GateName, PipelineName, RegionName, VariableName } from './names.js';
import { Target } from './target.js';

export const Owner = z.strictObject({ team: z.string().min(1).max(100), contact: z.string().min(1).max(200) });

const isTimeZone = (zone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
};

/** A place a release runs in. Weights are shares of traffic; they need not add up to 100. */
export const Region = z.strictObject({
  weight: z.number().min(0).max(1_000_000),
  timezone: z.string().max(60).refine(isTimeZone, 'use an IANA time zone such as Europe/Berlin').default('UTC'),
  residency: z.string().min(1).max(20).optional(),
  role: z.enum(['primary', 'secondary', 'edge']).default('primary'),
  pair: RegionName.optional().describe('The failover partner'),
});
export type Region = z.infer<typeof Region>;

const Reference = z.union([
  z.strictObject({ env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'not a name of an environment variable') }),
  z.strictObject({ file: z.string().min(1).max(1_000) }),
]);

const scope = { environment: EnvironmentName.optional(), region: RegionName.optional() };

/** A literal, or a reference that the worker resolves. The most specific scope wins: region over environment over default. */
export const VariableValue = z.union([
  z.strictObject({ value: z.union([z.string().max(4_000), z.number(), z.boolean()]), ...scope }),
  z.strictObject({ from: Reference, ...scope }),
]);
export type VariableValue = z.infer<typeof VariableValue>;

export const Variable = z
  .strictObject({
    name: VariableName,
    label: z.string().min(1).max(200).optional(),
    help: z.string().min(1).max(2_000).optional(),
    required: z.boolean().default(false),
    secret: z.boolean().default(false),
    values: z.array(VariableValue).max(1_000).default([]),
  })
  .refine((variable) => !variable.secret || variable.values.every((value) => 'from' in value), {
    message: 'a secret is given by reference: { from: { env: NAME } } or { from: { file: PATH } }',
    path: ['values'],
  });
export type Variable = z.infer<typeof Variable>;

/** What a soak needs before it lets a region through. */
export const Soak = z.strictObject({
  min: PositiveDuration.default('30m').describe('Time that must be credited'),
  max: PositiveDuration.default('2h').describe('When the evidence is still missing after this, the region is held'),
  interval: LookInterval.default('30s').describe('Time between two looks at the metrics'),
  minSamples: z.number().int().min(1).max(1_000_000_000).default(100).describe('Requests that a ratio needs before it is judged'),
  onFail: z.enum(['rollback', 'hold']).default('rollback'),
  onNoData: z.literal('hold').default('hold'),
});
export type Soak = z.infer<typeof Soak>;

const SoakOverride = z.strictObject({
  min: PositiveDuration.optional(),
  max: PositiveDuration.optional(),
  interval: LookInterval.optional(),
  minSamples: z.number().int().min(1).max(1_000_000_000).optional(),
  onFail: z.enum(['rollback', 'hold']).optional(),
});

/** A person with one of the roles says yes. */
export const ApprovalGate = z.strictObject({
  name: GateName,
  type: z.literal('approval'),
  roles: z.array(z.string().min(1).max(60)).min(1).max(20),
  notStarter: z.boolean().default(false).describe('Who started the rollout may not approve it'),
  timeout: PositiveDuration.default('24h').describe('Without an answer in this time the rollout is held'),
});
export type ApprovalGate = z.infer<typeof ApprovalGate>;

export const Gate = z.discriminatedUnion('type', [ApprovalGate]);
export type Gate = z.infer<typeof Gate>;

const Percentage = z.string().regex(/^(100|\d{1,2})(\.\d+)?%$/, 'write a share as 10%');

const ExplicitWaves = z.array(z.array(RegionName).min(1).max(limits.regions)).min(1).max(limits.waves);

const ComputedWaves = z.strictObject({
  order: z.literal('smallest-first').describe('By weight, smallest first, largest last; by name where weights are equal'),
  sizes: z
    .array(z.union([z.number().int().min(1).max(limits.regions), z.literal('rest')]))
    .min(1)
    .max(limits.waves)
    .refine((sizes) => !sizes.slice(0, -1).includes('rest'), 'rest takes what is left, so it stands last')
    .optional()
    .describe('Regions in each wave; the last size repeats; `rest` takes what is left. One by one when absent'),
  maxFirstExposure: Percentage.optional().describe('Largest share of traffic that the first wave should touch'),
});

export const Waves = z.union([ExplicitWaves, ComputedWaves]);
export type Waves = z.infer<typeof Waves>;

/** One environment of the lifecycle. Phases run in the order of the document; none can be skipped. */
export const Phase = z.strictObject({
  environment: EnvironmentName,
  waves: Waves.default({ order: 'smallest-first' }),
  concurrency: z.number().int().min(1).max(limits.regions).optional().describe('Regions of a wave that change at once; all of them when absent'),
  gates: z.array(Gate).max(20).default([]).describe('Before the phase starts'),
  regionGates: z.array(Gate).max(20).default([]).describe('Before each region starts'),
  soak: SoakOverride.optional(),
  target: Target.optional(),
  metrics: Metrics.optional(),
});
export type Phase = z.infer<typeof Phase>;

export const Policy = z.strictObject({
  overlap: z.enum(['queue', 'reject']).default('queue').describe('What happens to a rollout that starts while another one runs'),
  onRegression: z.enum(['hold', 'rollback']).default('hold').describe('After a region was rolled back: ask a person, or undo the whole rollout'),
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
  variables: z.array(Variable).max(500).default([]),
  target: Target,
  metrics: Metrics.optional(),
  checks: z.array(Check).max(50).default([]),
  soak: Soak.default(Soak.parse({})),
  lifecycle: z.array(Phase).min(1).max(20),
  policy: Policy.default(Policy.parse({})),
});
export type PipelineDocument = z.infer<typeof PipelineDocument>;
