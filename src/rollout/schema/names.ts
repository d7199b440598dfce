import { z } from 'zod';

const slug = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
const slugRule = 'use lower-case letters, digits and dashes, beginning and ending with a letter or digit';

export const PipelineName = z.string().max(63).regex(slug, slugRule).describe('Name of a pipeline, for example `shop`');
export type PipelineName = z.infer<typeof PipelineName>;

export const EnvironmentName = z.string().max(63).regex(slug, slugRule).describe('Name of an environment, for example `production`');
export type EnvironmentName = z.infer<typeof EnvironmentName>;

/** Not digits alone: JavaScript would put such names before all others, and the order of the document would be lost. */
export const RegionName = z
  .string().max(63).regex(slug, slugRule)
  .refine((name) => !/^[0-9]+$/.test(name), 'a region is not named by digits alone')
  .describe('Name of a region, for example `frankfurt`');
export type RegionName = z.infer<typeof RegionName>;

export const TenantName = z
  .string().max(63).regex(slug, slugRule)
  .refine((name) => !/^[0-9]+$/.test(name), 'a tenant is not named by digits alone')
  .describe('Name of a tenant, for example `acme`');
export type TenantName = z.infer<typeof TenantName>;

export const GateName = z.string().max(63).regex(slug, slugRule);
export type GateName = z.infer<typeof GateName>;

export const FreezeName = z.string().max(63).regex(slug, slugRule).describe('Name of a freeze, for example `black-friday`');
export type FreezeName = z.infer<typeof FreezeName>;

export const BlockName = z.string().max(63).regex(slug, slugRule).describe('Name of a block, for example `cve-2026-1234`');
export type BlockName = z.infer<typeof BlockName>;

export const ScheduleName = z.string().max(63).regex(slug, slugRule).describe('Name of a schedule, for example `shop-nightly`');
export type ScheduleName = z.infer<typeof ScheduleName>;

export const RoleName = z.string().min(1).max(60).describe('A role of a person, for example `release-manager`');
export type RoleName = z.infer<typeof RoleName>;

/** SHA-256 of a plan, in hexadecimal digits. */
export const PlanHash = z.string().regex(/^[0-9a-f]{64}$/, 'a plan hash is 64 hexadecimal digits, as `POST /v1/plans` gives it').describe('Hash of a plan');
export type PlanHash = z.infer<typeof PlanHash>;

export const CheckName = z.string().max(63).regex(slug, slugRule);
export type CheckName = z.infer<typeof CheckName>;

/** `1.4.2`, `2026.11.21-rc.1`, a commit: anything that is safe in a URL, a label and a file name. */
export const ReleaseVersion = z
  .string()
  .max(100)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._+-]*$/, 'use letters, digits and . _ + -, beginning with a letter or digit')
  .describe('Version of a release, for example `1.4.2`');
export type ReleaseVersion = z.infer<typeof ReleaseVersion>;

export const VariableName = z
  .string()
  .max(63)
  .regex(/^[A-Z][A-Z0-9_]*$/, 'use capital letters, digits and _, beginning with a letter');
export type VariableName = z.infer<typeof VariableName>;

/** `shop-12`: the twelfth rollout of the pipeline `shop`. The workflow id is `rollout/shop-12`. */
export const RolloutId = z
  .string()
  .max(80)
  .regex(/^[a-z0-9][a-z0-9-]*-[1-9][0-9]*$/, 'a rollout is named <pipeline>-<number>, for example shop-12')
  .describe('A rollout: `<pipeline>-<number>`');
export type RolloutId = z.infer<typeof RolloutId>;
