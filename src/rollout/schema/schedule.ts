import { z } from 'zod';
import { cronProblem } from '../control/cron.js';
import { EnvironmentName, PipelineName, ReleaseVersion, ScheduleName } from './names.js';
import { ShipOptions } from './ship.js';
import { TimeZone } from './time-zone.js';

const explainCron = (cron: string, context: z.RefinementCtx): void => {
  const message = cronProblem(cron);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
};

/** Which release a schedule ships when its time has come. */
export const ScheduledRelease = z.union([
  z.strictObject({ version: ReleaseVersion }),
  z.strictObject({ verifiedIn: EnvironmentName.describe('The newest release that is verified in every region of this environment') }),
]);
export type ScheduledRelease = z.infer<typeof ScheduledRelease>;

export const ScheduleRequest = z.strictObject({
  pipeline: PipelineName,
  release: ScheduledRelease,
  cron: z.string().max(200).superRefine(explainCron).describe('Minute, hour, day of the month, month, day of the week: `0 2 * * mon-fri`'),
  timezone: TimeZone.default('UTC'),
  to: ShipOptions.shape.to,
  rehearse: ShipOptions.shape.rehearse,
  reason: z.string().min(1).max(2_000).describe('Written into each rollout that it starts'),
  paused: z.boolean().default(false),
});
export type ScheduleRequest = z.infer<typeof ScheduleRequest>;

/** A rollout that starts again and again, kept as a Temporal Schedule. */
export const Schedule = z.object({
  name: ScheduleName,
  ...ScheduleRequest.shape,
  by: z.string(),
  next: z.array(z.iso.datetime()).describe('Its next times, at most five'),
  recent: z.array(z.object({ at: z.iso.datetime(), outcome: z.string().describe('The rollout that it started, or why it started none') })),
});
export type Schedule = z.infer<typeof Schedule>;
