import { z } from 'zod';
import { Freeze } from '../rollout/schema/freeze.js';
import { RolloutSummary } from '../rollout/schema/rollout.js';

/** Answers of the API that are no shape of the rules: what the command line reads of them. */

/** What applying a pipeline document came to. */
export const Applied = z.object({
  name: z.string(),
  revision: z.number().int(),
  changed: z.boolean(),
  warnings: z.array(z.string()),
});
export type Applied = z.infer<typeof Applied>;

export const RolloutPage = z.object({ items: z.array(RolloutSummary) });

/** After a hold was lifted: the freeze as it still stands, null when nobody holds it any more. */
export const Lifted = z.object({ freeze: Freeze.nullable() });
export type Lifted = z.infer<typeof Lifted>;

/** Region → why rollouts leave it out. */
export const Drained = z.object({ drained: z.record(z.string(), z.string()) });
export type Drained = z.infer<typeof Drained>;

/** `<environment>/<region>[/<tenant>]` of the places where the release was verified and is not any more. */
export const Revoked = z.object({ places: z.array(z.string()) });
export type Revoked = z.infer<typeof Revoked>;

/** How far the latest release has come, tenant by tenant. */
export const TenantProgress = z.object({
  release: z.string().nullable(),
  items: z.array(z.object({
    name: z.string(),
    label: z.string(),
    logo: z.string().nullable(),
    /** Why the tenant keeps its release for now; null when it takes part. */
    heldBack: z.string().nullable(),
    done: z.number().int(),
    total: z.number().int(),
    places: z.array(z.object({ environment: z.string(), region: z.string(), release: z.string().nullable(), isDone: z.boolean() })),
  })),
});
export type TenantProgress = z.infer<typeof TenantProgress>;
