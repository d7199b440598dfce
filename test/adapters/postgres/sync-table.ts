import pg from 'pg';
import type { TestPostgres } from '../../support/postgres.js';
import type { Sync } from '../../../src/rollout/schema/migration.js';
import { createSync, dropSync, type SyncWork } from '../../../src/adapters/postgres/sync.js';

/** `name` split at its first space, and put together again. */
export const splitName: Sync = {
  table: 'customers',
  from: ['name'],
  to: ['given_name', 'family_name'],
  using: {
    name: "concat_ws(' ', given_name, family_name)",
    given_name: "split_part(name, ' ', 1)",
    family_name: "nullif(substr(name, length(split_part(name, ' ', 1)) + 2), '') -- after the first space",
  },
};

export const workOf = (...sync: Sync[]): SyncWork => ({ pipeline: 'shop', migration: { name: '0042-split-name', sync } });

/** A new database whose tables lie in `public`, also for a role that is named like the schema of the ledger. */
export async function newDatabase(server: TestPostgres, name: string): Promise<string> {
  const url = await server.createDatabase(name);
  const client = await connect(url);
  await client.query(`alter database ${client.escapeIdentifier(name)} set search_path = public; create schema meridian`);
  await client.end();
  return url;
}

export async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Everything or nothing, as the runner does it. */
export async function within(client: pg.Client, work: () => Promise<void>): Promise<void> {
  await client.query('begin');
  try {
    await work();
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

export const create = (client: pg.Client, ...sync: Sync[]): Promise<void> => within(client, () => createSync(client, workOf(...sync)));
export const drop = (client: pg.Client, ...sync: Sync[]): Promise<void> => within(client, () => dropSync(client, workOf(...sync)));
