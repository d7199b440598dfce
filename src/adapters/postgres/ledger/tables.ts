import type pg from 'pg';
import { MeridianFailure } from '../../../rollout/failure.js';
import { inTransaction } from '../transaction.js';

/** Of the tables below. A change of them gives the next number, and a way from this one. */
const version = 1;

/** For people too: `select * from meridian.log order by at`. */
const tables = `
  create schema if not exists meridian;
  comment on schema meridian is 'What Meridian has done to the schema of this database: read it as you like, change nothing by hand';

  create table meridian.ledger (version int not null, since timestamptz not null default now());
  comment on table meridian.ledger is 'The version of these tables';

  create table meridian.migrations (
    pipeline text not null,
    name text not null,
    phase text not null check (phase in ('expand', 'contract')),
    state text not null default 'running' check (state in ('running', 'done', 'undoing')),
    checksum text not null,
    statements int not null default 0,
    begun int not null default 0,
    checkpoint jsonb,
    rows bigint not null default 0,
    rollout text not null,
    started timestamptz not null default now(),
    finished timestamptz,
    primary key (pipeline, name, phase)
  );
  comment on table meridian.migrations is 'Each migration that is here, or on its way, by phase; one that was taken back is only in the log';
  comment on column meridian.migrations.state is 'running: on its way; done; undoing: on its way back';
  comment on column meridian.migrations.checksum is 'SHA-256 of the phase as it was applied';
  comment on column meridian.migrations.statements is 'How many statements of the way there, or of the way back, are done';
  comment on column meridian.migrations.begun is 'The last statement outside a transaction that was begun: it may be done though it is not counted yet';
  comment on column meridian.migrations.checkpoint is 'How far the backfill is';
  comment on column meridian.migrations.rows is 'How many rows the backfill has changed';

  create table meridian.claims (
    pipeline text not null,
    name text not null,
    place text not null,
    rollout text not null,
    at timestamptz not null default now(),
    primary key (pipeline, name, place)
  );
  comment on table meridian.claims is 'Which place needs the new shape of a migration, and which rollout said so first; what is claimed is not taken back';

  create table meridian.log (
    id bigint generated always as identity primary key,
    at timestamptz not null default clock_timestamp(),
    pipeline text not null,
    name text not null,
    phase text not null,
    what text not null,
    place text not null,
    rollout text not null
  );
  comment on table meridian.log is 'Everything that was begun, done and taken back; rows are only ever added';

  insert into meridian.ledger (version) values (${version});
`;

/** Creating is a matter of moments, and nobody holds these locks for longer. */
const patience = { lockTimeoutMs: 10_000, statementTimeoutMs: 30_000 };

/** Makes the ledger where there is none. Two pipelines that begin in one database at once make it once. */
export async function ensureLedger(client: pg.Client): Promise<void> {
  if (await hasLedger(client)) return;
  await inTransaction(client, patience, async () => {
    await client.query("select pg_advisory_xact_lock(hashtextextended('meridian', 0))");
    if (!(await hasLedger(client))) await client.query(tables);
  });
}

/** Throws `DatabaseRefused` for a ledger that a later Meridian has written: what its rows mean is not known here. */
export async function hasLedger(client: pg.Client): Promise<boolean> {
  // Of the catalogue itself: to_regclass() may answer from before another session's commit that this transaction has waited for.
  const { rowCount } = await client.query(
    "select from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace where n.nspname = 'meridian' and c.relname = 'ledger'",
  );
  if (rowCount === 0) return false;
  const { rows: [ledger] } = await client.query<{ version: number }>('select max(version) as version from meridian.ledger');
  if (ledger!.version <= version) return true;
  throw new MeridianFailure('DatabaseRefused',
    `The ledger in the schema meridian of this database is of version ${ledger!.version}, and this worker knows up to ${version}: `
    + 'a later Meridian has written it. Upgrade every worker to that one.');
}
