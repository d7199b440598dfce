import type pg from 'pg';
import { MeridianFailure } from '../../rollout/failure.js';
import type { KnownMigration } from '../../rollout/schema/migration.js';
import { parseSql } from '../../sql/parse.js';
import { tableOf, written } from '../../sql/tables.js';
import { as } from '../../sql/tree.js';

/** Throws `DatabaseRefused` where the expand of a migration changes a table that is there and belongs to a role that the URL's is no member of: PostgreSQL would refuse it half-way. */
export async function refuseForeignTables(client: pg.Client, migrations: KnownMigration[]): Promise<void> {
  const tables = [...new Set((await Promise.all(migrations.map(changedTables))).flat())];
  const { rows } = await client.query<{ name: string }>(
    `select wanted.name from unnest($1::text[]) as wanted(name)
     join pg_catalog.pg_class as relation on relation.oid = to_regclass(wanted.name)
     where not pg_has_role(relation.relowner, 'usage') order by 1`,
    [tables],
  );
  if (rows.length === 0) return;
  const names = rows.map(({ name }) => name).join(' and ');
  throw new MeridianFailure('DatabaseRefused',
    `The role of the URL does not own ${names}, so that it cannot change ${rows.length === 1 ? 'it' : 'them'}: \`grant <owner> to <role>\`, or give the URL of the owner.`);
}

/** As SQL. What a text that cannot be parsed changes is not known; that it cannot be is told by whoever runs or lints it. */
async function changedTables({ expand, sync = [] }: KnownMigration): Promise<string[]> {
  const statements = await parseSql(expand.up).catch(() => []);
  const changed = statements.map(({ tree }) => as('AlterTableStmt', tree)?.relation ?? as('IndexStmt', tree)?.relation).filter((relation) => relation !== undefined);
  return [...changed.map(tableOf), ...sync.map(({ table }) => ({ name: table }))].map(written);
}
