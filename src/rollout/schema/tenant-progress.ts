import { z } from 'zod';
import { EnvironmentName, RegionName, ReleaseVersion, TenantName } from './names.js';

/** How far a release has come for one tenant. */
export const TenantProgress = z.object({
  name: TenantName,
  label: z.string().describe('Its name where the document gives none'),
  logo: z.string().nullable(),
  heldBack: z.string().nullable().describe('Why the tenant keeps its release for now; null when it takes part'),
  done: z.number().int().describe('Places that run the release, verified'),
  total: z.number().int().describe('Places that the tenant has in the lifecycle; optional phases do not count'),
  places: z.array(z.object({
    environment: EnvironmentName,
    region: RegionName,
    release: ReleaseVersion.nullable().describe('What runs there now'),
    isDone: z.boolean(),
  })),
});
export type TenantProgress = z.infer<typeof TenantProgress>;
