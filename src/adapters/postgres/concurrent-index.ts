import pg from 'pg';
import type { Statement } from '../../sql/statements.js';

export type ConcurrentIndex = NonNullable<Statement['index']>;

/** An index as the catalogue has it. One that is not valid is what a stopped `create` or `drop index concurrently` leaves: it costs each write, and answers no query. */
export interface FoundIndex {
  schema: string;
  name: string;
  isValid: boolean;
}

/** By its name, in the schema that the statement names or on the search path. */
export async function findIndex(client: pg.Client, { schema, name }: ConcurrentIndex): Promise<FoundIndex | undefined> {
  const { rows } = await client.query<FoundIndex>(
    `select space.nspname as schema, relation.relname as name, index.indisvalid and index.indisready and index.indislive as "isValid"
     from pg_catalog.pg_index as index
     join pg_catalog.pg_class as relation on relation.oid = index.indexrelid
     join pg_catalog.pg_namespace as space on space.oid = relation.relnamespace
     where relation.relname = $1 and case when $2::text is null then pg_table_is_visible(relation.oid) else space.nspname = $2 end`,
    [name, schema ?? null],
  );
  return rows[0];
}

/** Removes what a stopped build has left; others read and write meanwhile. */
export async function dropInvalid(client: pg.Client, index: ConcurrentIndex): Promise<void> {
  const found = await findIndex(client, index);
  if (found === undefined || found.isValid) return;
  await client.query(`drop index concurrently if exists ${pg.escapeIdentifier(found.schema)}.${pg.escapeIdentifier(found.name)}`);
}
