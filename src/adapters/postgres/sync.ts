import { escapeIdentifier as quote, escapeLiteral, type ClientBase } from 'pg';
import type { KnownMigration, Sync } from '../../rollout/schema/migration.js';
import { checkExpressions, untoldDefaults } from './sync-check.js';
import { syncBody } from './sync-function.js';
import { backfillMark, syncFunctionName, syncTriggerName, type SyncOwner } from './sync-names.js';
import { findSyncTable, hasColumns } from './sync-table.js';

/** Whose triggers, and which. */
export interface SyncWork {
  pipeline: string;
  migration: Pick<KnownMigration, 'name' | 'sync'>;
}

/** Within this transaction the triggers of the migration let pass what is written: its own statements make each shape from the other themselves. */
export async function standAside(client: ClientBase, { pipeline, migration }: SyncWork): Promise<void> {
  await client.query("select set_config('meridian.backfill', $1, true)", [backfillMark({ pipeline, migration: migration.name })]);
}

/**
 * After a statement of a contract or of a way back, in its transaction: a trigger whose columns are all there is made unless it is, and one that has lost a
 * column goes. So no row is written without it while both shapes are there, and none fails for a column that has gone. Answers which of `sync` have come.
 */
export async function fitSync(client: ClientBase, { pipeline, migration }: SyncWork): Promise<number[]> {
  const come: number[] = [];
  for (const [index, sync] of (migration.sync ?? []).entries()) {
    const owner = { pipeline, migration: migration.name, index };
    const isThere = (await triggersOf(client, functionOf(owner))).length > 0;
    const fits = await hasColumns(client, sync);
    if (!fits && isThere) await dropTrigger(client, functionOf(owner));
    if (!fits || isThere) continue;
    await createTrigger(client, sync, owner);
    come.push(index);
  }
  return come;
}

/**
 * Makes the triggers of a migration, or makes them anew. Each takes SHARE ROW EXCLUSIVE on its table, which waits for the writers there and lets
 * readers pass: to be called within a transaction with a lock time-out. Throws `MigrationFailed` where a table, a column or an expression does not fit.
 */
export async function createSync(client: ClientBase, { pipeline, migration }: SyncWork): Promise<void> {
  for (const [index, sync] of (migration.sync ?? []).entries()) await createTrigger(client, sync, { pipeline, migration: migration.name, index });
}

async function createTrigger(client: ClientBase, sync: Sync, owner: SyncOwner): Promise<void> {
  const where = `${owner.migration}, sync ${owner.index + 1} (${sync.table})`;
  const table = await findSyncTable(client, sync, where);
  await checkExpressions(client, sync, table, where);
  const untold = await untoldDefaults(client, [...table.from, ...table.to]);
  const body = syncBody({ sync, table, untold, mark: backfillMark(owner) });
  const name = functionOf(owner);
  const comment = escapeLiteral(commentOf(sync, owner));
  // Called as whoever writes the row, with the search path of the migration: an application's own does not change what an expression means.
  const options = `LANGUAGE plpgsql SECURITY INVOKER SET search_path = ${await searchPath(client)}`;
  await client.query(`CREATE OR REPLACE FUNCTION ${name}() RETURNS trigger ${options} AS ${escapeLiteral(body)}`);
  await client.query(`COMMENT ON FUNCTION ${name}() IS ${comment}`);
  const trigger = quote(syncTriggerName(owner));
  // Enabled as every trigger is by default: in sessions of `session_replication_role` origin or local. What logical replication applies comes with
  // both shapes from its origin and does not fire it; `ENABLE ALWAYS` would make the row a second time, with the columns that happen to be there.
  await client.query(`CREATE OR REPLACE TRIGGER ${trigger} BEFORE INSERT OR UPDATE ON ${table.name} FOR EACH ROW EXECUTE FUNCTION ${name}()`);
  await client.query(`COMMENT ON TRIGGER ${trigger} ON ${table.name} IS ${comment}`);
}

/** As it is for this session: `"$user"` would be another schema for each role. Temporary objects come last, or anybody's could take the place of a function. */
async function searchPath(client: ClientBase): Promise<string> {
  const { rows } = await client.query<{ name: string }>('select unnest(current_schemas(false))::text as name');
  return [...rows.map(({ name }) => quote(name)), 'pg_temp'].join(', ');
}

const functionOf = (owner: SyncOwner): string => `meridian.${quote(syncFunctionName(owner))}`;

const commentOf = ({ from, to }: Sync, { pipeline, migration }: SyncOwner): string =>
  `Made by Meridian for the migration ${migration} of the pipeline ${pipeline}: keeps ${from.join(', ')} and ${to.join(', ')} in step. `
  + 'Its contract or its undo removes it.';

/** Removes the triggers of a migration with their functions, whatever of them is there. Each takes ACCESS EXCLUSIVE on its table for a moment. */
export async function dropSync(client: ClientBase, { pipeline, migration }: SyncWork): Promise<void> {
  for (const index of (migration.sync ?? []).keys()) await dropTrigger(client, functionOf({ pipeline, migration: migration.name, index }));
}

async function dropTrigger(client: ClientBase, name: string): Promise<void> {
  for (const { trigger, table } of await triggersOf(client, name)) await client.query(`DROP TRIGGER IF EXISTS ${trigger} ON ${table}`);
  await client.query(`DROP FUNCTION IF EXISTS ${name}()`);
}

/** By the function, not by the table's name: the table may have another one by now, or be gone. Names are quoted. */
async function triggersOf(client: ClientBase, name: string): Promise<{ trigger: string; table: string }[]> {
  const { rows } = await client.query<{ trigger: string; table: string }>(
    `select format('%I', t.tgname) as trigger, format('%I.%I', n.nspname, c.relname) as "table"
     from pg_catalog.pg_trigger t join pg_catalog.pg_class c on c.oid = t.tgrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where t.tgfoid = to_regprocedure($1) and t.tgparentid = 0`, // a partition's goes with its parent's
    [`${name}()`],
  );
  return rows;
}
