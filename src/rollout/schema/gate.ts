import { z } from 'zod';
import { LookInterval, PositiveDuration } from './duration.js';
import { EnvironmentName, GateName, PipelineName, RoleName, VariableName } from './names.js';
import { Template } from './target.js';
import { TimeZone } from './time-zone.js';

const timeout = PositiveDuration.default('24h').describe('When it has not opened in this time the rollout is held; resume asks again');
const interval = LookInterval.default('30s').describe('Time between two looks');

/** People with one of the roles say yes. Their approvals are bound to the plan: a changed plan voids them. */
export const ApprovalGate = z.strictObject({
  name: GateName,
  type: z.literal('approval'),
  roles: z.array(RoleName).min(1).max(20),
  approvals: z.number().int().min(1).max(10).default(1).describe('How many different people must say yes'),
  notStarter: z.boolean().default(false).describe('Who started the rollout may not approve it'),
  timeout: PositiveDuration.default('24h').describe('Without enough answers in this time the rollout is held; resume asks again'),
});
export type ApprovalGate = z.infer<typeof ApprovalGate>;

export const Weekday = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);
export type Weekday = z.infer<typeof Weekday>;

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'write a time of day as 01:00');

/** Hours of a local day. `to` before `from` runs over midnight; the day is the one on which the window opens. */
export const Hours = z
  .strictObject({
    days: z.array(Weekday).min(1).max(7).optional().describe('Days on which it opens; every day when absent'),
    from: TimeOfDay,
    to: TimeOfDay.describe('The first minute that is outside; before `from` it is of the next day'),
  })
  .refine(({ from, to }) => from !== to, 'from and to are the same: a window that is always open is no window');
export type Hours = z.infer<typeof Hours>;

/**
 * Days and hours. Judged by the clock on the wall there, so a change to or from daylight-saving time never moves it. A region's own time
 * zone counts where it has one; a phase or a wave has none and must name it.
 */
export const WindowGate = z
  .strictObject({
    name: GateName,
    type: z.literal('window'),
    offPeak: z.literal(true).optional().describe('The `offPeak` hours of each region, instead of hours of its own; at a region only'),
    ...Hours.shape,
    from: TimeOfDay.optional(),
    to: TimeOfDay.optional(),
    timezone: TimeZone.optional().describe('Default: the region\'s own'),
  })
  .refine((gate) => (gate.offPeak === true) !== (gate.from !== undefined && gate.to !== undefined), 'give from and to, or offPeak: true')
  .refine((gate) => gate.offPeak !== true || (gate.days === undefined && gate.from === undefined && gate.to === undefined), 'offPeak takes its days and hours from the region')
  .refine((gate) => gate.from === undefined || gate.from !== gate.to, 'from and to are the same: a window that is always open is no window');
export type WindowGate = z.infer<typeof WindowGate>;

/** A number from the metrics of the place: a load, a replication lag. Without an answer it stays closed. */
export const MetricGate = z
  .strictObject({
    name: GateName,
    type: z.literal('metric'),
    query: Template,
    max: z.number().optional(),
    min: z.number().optional(),
    interval,
    timeout,
  })
  .refine((gate) => gate.max !== undefined || gate.min !== undefined, 'give a max, a min or both');
export type MetricGate = z.infer<typeof MetricGate>;

const AlertLabel = z
  .string()
  .regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'not a label name')
  .refine((label) => label !== 'alertstate', 'only firing alerts count: leave alertstate out');

/** No alert fires. Prometheus only: it reads the ALERTS series, whose absence is good news only while Prometheus answers. */
export const AlertsGate = z.strictObject({
  name: GateName,
  type: z.literal('alerts'),
  labels: z.record(AlertLabel, Template).default({}).describe('Labels that an alert must have to count'),
  interval,
  timeout,
});
export type AlertsGate = z.infer<typeof AlertsGate>;

/** A release of another pipeline is verified here: in this region, or in every region of the environment where a phase or wave asks. */
export const DependencyGate = z.strictObject({
  name: GateName,
  type: z.literal('dependency'),
  pipeline: PipelineName,
  release: Template.optional().describe('Its version; `{{ release.version }}` is the same as ours. Whatever runs there when absent'),
  environment: EnvironmentName.optional().describe('Its environment; of the same name when absent'),
  interval,
  timeout,
});
export type DependencyGate = z.infer<typeof DependencyGate>;

/** A service of yours is asked until it answers `{ status: open }`; signed by Standard Webhooks. */
export const WebhookGate = z.strictObject({
  name: GateName,
  type: z.literal('webhook'),
  url: Template,
  secret: VariableName.optional().describe('Name of the secret variable that holds the signing secret (whsec_…)'),
  interval,
  timeout,
});
export type WebhookGate = z.infer<typeof WebhookGate>;

/** A named condition that must hold before a phase, wave or region starts. */
export const Gate = z.discriminatedUnion('type', [ApprovalGate, WindowGate, MetricGate, AlertsGate, DependencyGate, WebhookGate]);
export type Gate = z.infer<typeof Gate>;

/** Gates that open by themselves: everything but a person's word. */
export type AutomaticGate = Exclude<Gate, ApprovalGate>;
