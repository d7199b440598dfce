import { escapeIdentifier, type ClientBase } from 'pg';
import { MeridianFailure } from '../../rollout/failure.js';
import type { KnownMigration } from '../../rollout/schema/migration.js';
import { changeOf, parseBackfill } from '../../sql/backfill.js';
import { parseSql } from '../../sql/parse.js';
import { SqlSyntaxError } from '../../sql/syntax-error.js';
import { isSame, written, type TableName } from '../../sql/tables.js';

/** The table that a backfill walks, and the column by whose order it does. */
export interface WalkedTable {
  /** With its schema, quoted. */
  name: string;
  /** Quoted. */
  key: string;
  /** Its values may be told to people: numbers, times, UUIDs. A text may be somebody's address. */
  isKeyPlain: boolean;
  /** It is the backfill's UPDATE that writes these rows; an INSERT only reads them. */
  isWritten: boolean;
}

/** A migration that has something to fill back. */
export type Filled = Pick<KnownMigration, 'name'> & { backfill: NonNullable<KnownMigration['backfill']> };

/** By the search path of the session. Throws `MigrationFailed`, with what to do, where there is no table or no key to walk by. */
export async function findWalkedTable(client: ClientBase, { name, backfill }: Filled): Promise<WalkedTable> {
  const refuse = (why: string): never => {
    throw new MeridianFailure('MigrationFailed', `${name}, backfill: ${why}.`);
  };
  const said = await parseBackfill(backfill).catch((error: unknown) => {
    if (error instanceof SqlSyntaxError || error instanceof RangeError) return refuse(error.message);
    throw error;
  });
  const table = await tableOf(client, said) ?? refuse(`there is no table ${written(said)} on the role's search_path; name its schema in the statement`);
  const keys = await keysOf(client, table.oid);
  const key = backfill.key ?? primaryKey(keys)
    ?? refuse(`${table.name} has no primary key of a single column: name a column with \`key\` that is unique, not null and indexed`);
  const found = keys.find((column) => column.name === key)
    ?? refuse(`${table.name} has no column ${key} that is the first one of a valid B-tree index over all rows: build one in expand.up with `
      + 'CREATE INDEX CONCURRENTLY, or name another `key`');
  if (!found.isRequired) refuse(`${key} of ${table.name} may be null, and the walk would pass by such rows: name a \`key\` that is not null`);
  if (said.column !== key) {
    refuse(`the statement bounds ${said.column} between $1 and $2, but ${key} is what is walked by: bound that, or name the other one as \`key\``);
  }
  return { name: table.name, key: escapeIdentifier(key), isKeyPlain: found.isPlain, isWritten: await isWrittenBy(backfill.sql, said) };
}

/** The column that is `wished` for, or one that is unique, the primary key first; undefined where rows cannot be walked by any of these. */
export async function findAnyKey(client: ClientBase, table: number, wished: string | undefined): Promise<Pick<WalkedTable, 'key' | 'isKeyPlain'> | undefined> {
  const keys = (await keysOf(client, table)).filter(({ isRequired }) => isRequired);
  const found = keys.find(({ name }) => name === wished) ?? keys.find(({ isUnique }) => isUnique);
  return found && { key: escapeIdentifier(found.name), isKeyPlain: found.isPlain };
}

async function isWrittenBy(sql: string, table: TableName): Promise<boolean> {
  const [statement] = await parseSql(sql);
  const change = changeOf(statement!.tree);
  return change?.kind === 'update' && isSame(change.target, table);
}

async function tableOf(client: ClientBase, { schema, name }: TableName): Promise<{ oid: number; name: string } | undefined> {
  const { rows } = await client.query<{ oid: number; name: string }>(
    `select c.oid, format('%I.%I', n.nspname, c.relname) as name
     from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where c.oid = to_regclass($1) and c.relkind in ('r', 'p')`,
    [schema === undefined ? escapeIdentifier(name) : `${escapeIdentifier(schema)}.${escapeIdentifier(name)}`],
  );
  return rows[0];
}

interface KeyColumn {
  name: string;
  isRequired: boolean;
  isPlain: boolean;
  isPrimary: boolean;
  isUnique: boolean;
}

const primaryKey = (keys: KeyColumn[]): string | undefined => keys.find(({ isPrimary }) => isPrimary)?.name;

/**
 * The columns by which rows can be walked in order: first in an index. Unique they need not be for that, a batch holds every row of its last
 * key. Categories of types: N numbers, D times, U user-defined, to which uuid belongs.
 */
async function keysOf(client: ClientBase, table: number): Promise<KeyColumn[]> {
  const { rows } = await client.query<KeyColumn>(
    `select a.attname as name, a.attnotnull as "isRequired", t.typcategory in ('N', 'D') or t.typname = 'uuid' as "isPlain",
            bool_or(i.indisprimary and i.indnkeyatts = 1) as "isPrimary",
            bool_or(i.indisunique and i.indnkeyatts = 1) as "isUnique"
     from pg_catalog.pg_index i
       join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0] join pg_catalog.pg_type t on t.oid = a.atttypid
       join pg_catalog.pg_class c on c.oid = i.indexrelid join pg_catalog.pg_am m on m.oid = c.relam
     where i.indrelid = $1 and i.indisvalid and i.indpred is null and m.amname = 'btree'
     group by 1, 2, 3 order by "isPrimary" desc, name`,
    [table],
  );
  return rows;
}
