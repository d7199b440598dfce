import { z } from 'zod';
import { Duration, PositiveDuration } from './duration.js';
import { RoleName } from './names.js';
import { Template } from './target.js';

/** How far a replica may be behind before a backfill and a contract wait for it. */
export const LagLimit = z
  .strictObject({
    query: Template.optional().describe('SQL that answers one number, asked of the region\'s database'),
    metric: Template.optional().describe('A query of the region\'s metrics that answers one number'),
    max: z.number().min(0).describe('The largest number at which they go on'),
  })
  .refine(({ query, metric }) => query === undefined || metric === undefined, 'give a query of the database or one of the metrics, not both');
export type LagLimit = z.infer<typeof LagLimit>;

/** Where a region keeps its data. The URL is resolved by the worker, and shown nowhere. */
export const Database = z.strictObject({
  type: z.literal('postgres'),
  url: Template.describe('postgres://user:password@host:port/database, as a rule `{{ DATABASE_URL }}` of a secret variable'),
  expandFirst: z.enum(['region', 'all']).default('region')
    .describe('`region`: each region expands before its own deploy; `all`: every region of an environment before the first deploy there, for shared or replicated databases'),
  contractAfter: Duration.default('1h').describe('How long every region must have run without the old shape before it is taken away'),
  contract: z.enum(['automatic', 'manual']).default('automatic').describe('`manual`: a contract that is due waits for a person to start it'),
  pointOfNoReturn: z.strictObject({
    roles: z.array(RoleName).min(1).max(20).default(['admin']),
    timeout: PositiveDuration.default('7d'),
  }).prefault({}).describe('Who approves a contract that has no way back, and for how long it is asked'),
  lockTimeout: PositiveDuration.default('2s').describe('How long a statement waits for a lock, and others behind it; then it is tried again'),
  statementTimeout: PositiveDuration.default('30s').describe('For one statement; one that builds an index or validates a constraint has `timeout`'),
  timeout: PositiveDuration.default('6h').describe('For one phase of the migrations of a region, backfill included'),
  lag: LagLimit.optional(),
});
export type Database = z.infer<typeof Database>;
