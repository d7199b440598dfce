import { escapeIdentifier, type ClientBase } from 'pg';
import { MeridianFailure } from '../../rollout/failure.js';
import type { Sync } from '../../rollout/schema/migration.js';

/** A column of a table with a trigger, as the catalogue has it. */
export interface SyncColumn {
  name: string;
  /** As a cast writes it; of a domain what it is made from, which holds any value. */
  type: string;
  isRequired: boolean;
  /** The expression of its default; null where there is none. */
  default: string | null;
}

/** The table of a trigger, found by the search path of the session, with the columns of both shapes. */
export interface SyncTable {
  oid: number;
  /** Quoted, with its schema. */
  name: string;
  from: SyncColumn[];
  to: SyncColumn[];
}

/** Throws `MigrationFailed` where the table or a column is missing, or a column cannot be written. `where` begins the message. */
export async function findSyncTable(client: ClientBase, { table, from, to }: Sync, where: string): Promise<SyncTable> {
  const { oid, name } = await tableOf(client, table, where);
  const columns = await columnsOf(client, oid);
  const pick = (names: string[]): SyncColumn[] => names.map((column) => {
    const found = columns.get(column);
    if (found === undefined) throw failed(`${where}: the table ${name} has no column ${column}; add it in expand.up, or name another one`);
    if (found.isGenerated) throw failed(`${where}: the column ${column} of ${name} is generated, and follows without a trigger; leave it out`);
    return { name: column, type: found.type, isRequired: found.isRequired, default: found.default };
  });
  return { oid, name, from: pick(from), to: pick(to) };
}

/** The table is there, with every column of both shapes. */
export async function hasColumns(client: ClientBase, { table, from, to }: Sync): Promise<boolean> {
  const { rows } = await client.query<{ name: string }>(
    'select attname as name from pg_catalog.pg_attribute where attrelid = to_regclass($1) and attnum > 0 and not attisdropped', [escapeIdentifier(table)],
  );
  return [...from, ...to].every((column) => rows.some(({ name }) => name === column));
}

const failed = (message: string): MeridianFailure => new MeridianFailure('MigrationFailed', message);

async function tableOf(client: ClientBase, table: string, where: string): Promise<{ oid: number; name: string }> {
  const { rows: [found] } = await client.query<{ oid: number; name: string; isTable: boolean }>(
    `select c.oid, format('%I.%I', n.nspname, c.relname) as name, c.relkind in ('r', 'p') as "isTable"
     from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = to_regclass($1)`,
    [escapeIdentifier(table)],
  );
  if (found === undefined) {
    throw failed(`${where}: there is no table ${table} in the search path; \`table\` is one name: give the role a search_path that holds its schema`);
  }
  if (!found.isTable) throw failed(`${where}: ${found.name} is not a table`);
  return found;
}

interface FoundColumn extends SyncColumn {
  isGenerated: boolean;
}

/** A column without a default of its own has that of its domain. */
async function columnsOf(client: ClientBase, table: number): Promise<Map<string, FoundColumn>> {
  const { rows } = await client.query<FoundColumn>(
    `select a.attname as name, a.attnotnull as "isRequired", a.attgenerated <> '' or a.attidentity = 'a' as "isGenerated",
            coalesce(pg_get_expr(d.adbin, d.adrelid), pg_get_expr(t.typdefaultbin, 0)) as "default", (
              with recursive base as (
                select t.oid, t.typtype, t.typbasetype, case t.typtype when 'd' then t.typtypmod else a.atttypmod end as typmod
                union all
                select b.oid, b.typtype, b.typbasetype, case b.typtype when 'd' then b.typtypmod else base.typmod end
                from base join pg_catalog.pg_type b on b.oid = base.typbasetype where base.typtype = 'd')
              select format_type(oid, typmod) from base where typtype <> 'd') as type
     from pg_attribute a join pg_type t on t.oid = a.atttypid left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
     where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped`,
    [table],
  );
  return new Map(rows.map((column) => [column.name, column]));
}
