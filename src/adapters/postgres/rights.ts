import type pg from 'pg';
import { MeridianFailure } from '../../rollout/failure.js';

/** PostgreSQL 14, whose successors of today are all younger. */
const oldest = 140_000;

interface Fitness {
  version: number;
  isReadOnly: boolean;
  hasSchema: boolean;
  mayCreate: boolean;
  mayUse: boolean;
}

const refused = (text: string): MeridianFailure => new MeridianFailure('DatabaseRefused', text);

/** Throws `DatabaseRefused` where nothing could be changed: too old a server, a standby, or no right to keep a ledger. Changes nothing. */
export async function refuseUnfit(client: pg.Client): Promise<void> {
  const { rows } = await client.query<Fitness>(
    `select current_setting('server_version_num')::int as version,
            pg_is_in_recovery() or current_setting('default_transaction_read_only')::bool as "isReadOnly",
            to_regnamespace('meridian') is not null as "hasSchema",
            has_database_privilege(current_database(), 'create') as "mayCreate",
            case when to_regnamespace('meridian') is not null then has_schema_privilege('meridian', 'usage') end as "mayUse"`,
  );
  const { version, isReadOnly, hasSchema, mayCreate, mayUse } = rows[0]!;
  if (version < oldest) throw refused(`The server is PostgreSQL ${Math.floor(version / 10_000)}; migrations need 14 or later.`);
  if (isReadOnly) throw refused('The URL leads to a standby, or to a database that is read-only by default_transaction_read_only: give the URL of the primary.');
  if (!hasSchema && !mayCreate) {
    throw refused('The role of the URL may not create the schema meridian, in which it keeps its ledger: `grant create on database <database> to <role>`.');
  }
  if (hasSchema && !mayUse) throw refused(`The role of the URL may not use the schema meridian, which another role has made. ${ledgerGrants}`);
  if (hasSchema) await refuseUnwritable(client);
}

const ledgerGrants = '`grant usage on schema meridian to <role>; grant select, insert, update, delete on all tables in schema meridian to <role>`.';

async function refuseUnwritable(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_catalog.pg_class
     where relnamespace = 'meridian'::regnamespace and relkind = 'r' and relname in ('ledger', 'migrations', 'claims', 'log')
       and not (has_table_privilege(oid, 'select') and (relname = 'ledger' or has_table_privilege(oid, 'insert'))
                and (relname in ('ledger', 'log') or has_table_privilege(oid, 'update') and has_table_privilege(oid, 'delete')))
     order by 1`,
  );
  if (rows.length > 0) throw refused(`The role of the URL may not write ${rows.map(({ name }) => `meridian.${name}`).join(' and ')}. ${ledgerGrants}`);
}
