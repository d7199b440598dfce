import { z } from 'zod';
import { limits } from '../limits.js';
import { Duration } from './duration.js';

/** `0042-split-name`: in the order of the names, as the files of a release are. */
export const MigrationName = z
  .string().max(63)
  .regex(/^[a-z0-9]([a-z0-9_-]*[a-z0-9])?$/, 'use lower-case letters, digits, dashes and underscores, beginning and ending with a letter or digit')
  .describe('Name of a migration, for example `0042-split-name`');
export type MigrationName = z.infer<typeof MigrationName>;

const Sql = z.string().min(1).max(limits.migrationBytes);

/** A name as PostgreSQL keeps it: written in quotes wherever it is used. */
const Identifier = z.string().min(1).max(63);

export const Expand = z.strictObject({
  up: Sql.describe('Adds the new shape; nothing that is there changes or goes away'),
  down: Sql.describe('Takes the new shape away again; may find only a part of it'),
});
export type Expand = z.infer<typeof Expand>;

export const Backfill = z.strictObject({
  sql: Sql.describe('One UPDATE or INSERT … SELECT over the rows whose key is `between $1 and $2`; run batch after batch'),
  table: Identifier.optional().describe('The table whose keys are walked through; the one that an UPDATE changes when absent'),
  key: Identifier.optional().describe('Its column that is walked through, unique and ordered; the primary key when absent'),
  batch: z.number().int().min(1).max(100_000).default(1_000).describe('Rows at once'),
  pause: Duration.default('50ms').describe('Between two batches'),
});
export type Backfill = z.infer<typeof Backfill>;

/** A trigger that keeps old and new columns in step between expand and contract, whichever of the two a release writes. */
export const Sync = z.strictObject({
  table: Identifier,
  from: z.array(Identifier).min(1).max(20).describe('Columns of the old shape'),
  to: z.array(Identifier).min(1).max(20).describe('Columns of the new shape'),
  using: z.record(Identifier, z.string().min(1).max(4_000))
    .describe('For each of these columns the expression that makes it from those of the other shape'),
});
export type Sync = z.infer<typeof Sync>;

export const Contract = z.strictObject({
  up: Sql.describe('Takes the old shape away'),
  down: Sql.optional().describe('Puts it back; without it the contract is one-way'),
});
export type Contract = z.infer<typeof Contract>;

/** A change of the schema in phases. Immutable, phase by phase, once it has been applied anywhere; a contract may be added later. */
export const Migration = z.strictObject({
  name: MigrationName,
  expand: Expand,
  backfill: Backfill.optional(),
  sync: z.array(Sync).max(20).optional(),
  contract: Contract.optional(),
});
export type Migration = z.infer<typeof Migration>;

/** Locks of PostgreSQL on a table, weakest first. */
export const TableLock = z.enum([
  'none', 'ACCESS SHARE', 'ROW SHARE', 'ROW EXCLUSIVE', 'SHARE UPDATE EXCLUSIVE', 'SHARE', 'SHARE ROW EXCLUSIVE', 'EXCLUSIVE', 'ACCESS EXCLUSIVE',
]);
export type TableLock = z.infer<typeof TableLock>;

/** What a statement does, as the linter sees it. */
export const StatementEffect = z.object({
  what: z.string().max(300).describe('In words: `adds the column given_name to customers`'),
  lock: TableLock.describe('The strongest lock that it takes on a table that may hold rows'),
  isLong: z.boolean().describe('It holds that lock for as long as the table is large; otherwise for a moment'),
  rewrites: z.boolean().describe('It writes the whole table anew'),
  reversible: z.boolean().describe('A statement can take it back without a loss of data'),
});
export type StatementEffect = z.infer<typeof StatementEffect>;

const Digest = z.string().regex(/^[0-9a-f]{64}$/);

/** A migration as a pipeline knows it: classified at the edge, with a checksum (SHA-256, hexadecimal) for each of its phases. */
export const KnownMigration = z.object({
  ...Migration.shape,
  checksums: z.object({ expand: Digest.describe('Of expand, backfill and sync together'), contract: Digest.optional() }),
  effects: z.object({
    expand: z.array(StatementEffect),
    contract: z.array(StatementEffect),
  }),
});
export type KnownMigration = z.infer<typeof KnownMigration>;

/** How far a migration is in one database. Absent there: nothing of it has been applied, or all was taken back. */
export const SchemaPhase = z.enum(['expanding', 'expanded', 'contracting', 'contracted']);
export type SchemaPhase = z.infer<typeof SchemaPhase>;

/** The schema of a place, by the names of migrations, as its ledger says. */
export const PlaceSchema = z.record(MigrationName, SchemaPhase);
export type PlaceSchema = z.infer<typeof PlaceSchema>;

/** A migration that is not at its end yet, and what keeps it from that. */
export const SchemaDebt = z.object({
  migration: MigrationName,
  since: z.iso.datetime().describe('When it was expanded first'),
  oneWay: z.boolean().describe('Its contract has no way back'),
  expanded: z.array(z.string()).describe('`<environment>/<region>[/<tenant>]` where it is expanded'),
  contracted: z.array(z.string()).describe('Where it is contracted'),
  state: z.enum(['no-contract', 'lagging', 'ripening', 'due', 'contracting'])
    .describe('No release has brought a contract; a place still needs the old shape; the fleet is proven and time must pass; due; under way'),
  due: z.iso.datetime().optional().describe('When it is due, for `ripening`'),
  needs: z.string().describe('In one sentence: what is missing'),
});
export type SchemaDebt = z.infer<typeof SchemaDebt>;
