import { z } from 'zod';
import { EnvironmentName, FreezeName, PipelineName, RegionName, TenantName } from './names.js';

const listOf = <Name extends z.ZodType>(name: Name) => z.array(name).min(1).max(200).optional();

/** What a freeze covers: everything, or places that match each list that is given. */
export const FreezeScope = z.union([
  z.literal('all'),
  z
    .strictObject({
      pipelines: listOf(PipelineName),
      environments: listOf(EnvironmentName),
      regions: listOf(RegionName),
      tenants: listOf(TenantName),
    })
    .refine((scope) => Object.values(scope).some((list) => list !== undefined), 'name pipelines, environments, regions or tenants, or write all'),
]);
export type FreezeScope = z.infer<typeof FreezeScope>;

export const FreezeRequest = z
  .strictObject({
    scope: FreezeScope,
    from: z.iso.datetime({ offset: true }).optional().describe('Now when absent'),
    to: z.iso.datetime({ offset: true }).optional().describe('Until somebody lifts it when absent'),
    reason: z.string().min(1).max(2_000),
    owner: z.string().min(1).max(100).optional().describe('Who holds it; whoever sends it when absent'),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || Date.parse(from) < Date.parse(to), { message: 'to is not after from', path: ['to'] });
export type FreezeRequest = z.infer<typeof FreezeRequest>;

/** One owner's hold. A freeze lasts while anyone holds it. */
export const FreezeHold = z.object({
  owner: z.string(),
  scope: FreezeScope,
  from: z.iso.datetime(),
  to: z.iso.datetime().nullable().describe('Null: until somebody lifts it'),
  reason: z.string(),
  /** Who sent it, and when. */
  by: z.string(),
  at: z.iso.datetime(),
});
export type FreezeHold = z.infer<typeof FreezeHold>;

/** A hold on starting anything new in its scope. It never blocks an undo. */
export const Freeze = z.object({ name: FreezeName, holds: z.array(FreezeHold).min(1) });
export type Freeze = z.infer<typeof Freeze>;
