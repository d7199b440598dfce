import pg from 'pg';
import type { z } from 'zod';
import type { RegionDatabase, SchemaProgress, SchemaStep } from '../../../activities/ports/database.js';
import { postgresDatabase } from '../../../src/adapters/postgres/database.js';
import { checksumsOf } from '../../../src/rollout/migrations/known.js';
import { Database } from '../../../src/rollout/schema/database.js';
import { Migration, type KnownMigration } from '../../../src/rollout/schema/migration.js';
import type { TestPostgres } from '../../support/postgres.js';

export const never = new AbortController().signal;

/** One that was known before and changed since is a new one. */
const Anything = Migration.strip();

/** As a pipeline knows it. */
export function known(migration: z.input<typeof Migration>): KnownMigration {
  const parsed = Anything.parse(migration);
  return { ...parsed, checksums: checksumsOf(parsed), effects: { expand: [], contract: [] } };
}

export const stepOf = (migrations: KnownMigration[], { rollout = 'shop-1', place = 'production/frankfurt' } = {}): SchemaStep =>
  ({ pipeline: 'shop', place, rollout, migrations });

/** Time-outs so short that a test need not wait; those that must not pass in it are long. */
export const settingsOf = (url: string, changed: Partial<z.input<typeof Database>> = {}): Database =>
  Database.parse({ type: 'postgres', url, lockTimeout: '200ms', statementTimeout: '20s', timeout: '2m', ...changed });

/** Remembers what it was told, and lets everything go on. */
export function listener(): SchemaProgress & { said: string[] } {
  const said: string[] = [];
  return { said, say: (text) => void said.push(text), mayGoOn: async () => undefined };
}

export interface TestRegion {
  url: string;
  database: RegionDatabase & { close(): Promise<void> };
  /** Rows of a query, as the superuser. */
  ask<Row extends pg.QueryResultRow = pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]>;
}

let made = 0;

/** A database of its own, with a table of 100 customers. */
export async function newRegion(server: TestPostgres, changed: Partial<z.input<typeof Database>> = {}): Promise<TestRegion> {
  const url = await server.createDatabase(`region_${(made += 1)}`);
  const ask: TestRegion['ask'] = (sql, values = []) => askOf(url, sql, values);
  await ask('create table customers (id int primary key, name text not null)');
  await ask("insert into customers select n, 'Ann Bell ' || n from generate_series(1, 100) as n");
  return { url, ask, database: postgresDatabase()(settingsOf(url, changed)) };
}

export async function askOf<Row extends pg.QueryResultRow>(url: string, sql: string, values: unknown[] = []): Promise<Row[]> {
  const client = await connected(url);
  try {
    return (values.length === 0 ? await client.query<Row>(sql) : await client.query<Row>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

/** A client of somebody else's. Whoever opens it ends it. */
export async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** `split-name` without a backfill: two columns, an index outside a transaction, a contract with a way back. */
export const splitName = known({
  name: '0042-split-name',
  expand: {
    up: 'alter table customers add given_name text;\nalter table customers add family_name text;\ncreate index concurrently customers_family on customers (family_name);',
    down: 'drop index concurrently if exists customers_family;\nalter table customers drop column if exists given_name, drop column if exists family_name;',
  },
  contract: {
    up: 'alter table customers drop column name;',
    down: "alter table customers add name text not null default '';",
  },
});

/** What a database has, as a person would look: its columns, its indexes with whether they are valid. */
export async function shapeOf({ ask }: TestRegion): Promise<{ columns: string[]; indexes: string[] }> {
  const columns = await ask<{ name: string }>(
    "select attname as name from pg_attribute where attrelid = 'customers'::regclass and attnum > 0 and not attisdropped order by attnum",
  );
  const indexes = await ask<{ name: string }>(
    `select c.relname || case when i.indisvalid then '' else ' (invalid)' end as name
     from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = 'customers'::regclass order by 1`,
  );
  return { columns: columns.map(({ name }) => name), indexes: indexes.map(({ name }) => name) };
}
