import type { SchemaProgress } from '../../../activities/ports/database.js';
import type { KnownMigration, Sync } from '../../rollout/schema/migration.js';
import { walkRows } from './backfill.js';
import { keepCheckpoint, syncsToPutBack, type BackfillOwner } from './backfill-checkpoint.js';
import { findAnyKey, type WalkedTable } from './backfill-table.js';
import { putBackSql } from './put-back-sql.js';
import { shortly, type Run } from './run.js';
import { standAside } from './sync.js';
import { findSyncTable, type SyncTable } from './sync-table.js';

/** Of a migration without a backfill. */
const usualPace = { batch: 1_000, pause: '50ms' };

/**
 * Makes the old shape of each row from the new one, where the columns of a `sync` have come back with a statement of `contract.down`: in batches, from
 * where it was. What is written meanwhile is the trigger's work, which came with them. An undo waits for no replica.
 */
export async function putRowsBack(run: Run, migration: KnownMigration): Promise<void> {
  const { session: { client }, step: { pipeline } } = run;
  for (const index of await syncsToPutBack(client, { pipeline, migration: migration.name })) {
    await putBackOne(run, migration, index, migration.sync![index]!);
  }
}

async function putBackOne(run: Run, { name, backfill }: KnownMigration, index: number, sync: Sync): Promise<void> {
  const { session: { client, limits, scrub, signal }, step: { pipeline } } = run;
  const label = `${name}, contract.down`;
  const owner: BackfillOwner = { pipeline, migration: name, sync: index };
  // Of a `sync` that makes only the new shape the old one is the author's to put back.
  if (!sync.from.some((column) => Object.hasOwn(sync.using, column))) return keepCheckpoint(client, owner, { isDone: true, rows: 0 });
  const table = await findSyncTable(client, sync, `${label}, sync ${index + 1} (${sync.table})`);
  const key = await findAnyKey(client, table.oid, backfill?.key);
  if (key === undefined) return putBackAtOnce(run, owner, sync, table);
  const walked: WalkedTable = { name: table.name, ...key, isWritten: true };
  const { batch, pause } = backfill ?? usualPace;
  const migration = { name: label, backfill: { sql: putBackSql(sync, table, key.key), batch, pause } };
  const progress: SchemaProgress = { say: run.say, mayGoOn: async () => undefined };
  await walkRows({ client, owner, migration, table: walked, limits, scrub }, progress, signal);
}

/** A table that cannot be walked: all of its rows in one statement, for as long as that takes. */
async function putBackAtOnce(run: Run, owner: BackfillOwner, sync: Sync, table: SyncTable): Promise<void> {
  const { session } = run;
  const { client, limits } = session;
  const patient = { ...run, session: { ...session, limits: { ...limits, statementTimeoutMs: limits.longTimeoutMs } } };
  await shortly(patient, `${owner.migration}, contract.down, the rows of ${table.name}`, async () => {
    await standAside(client, { pipeline: owner.pipeline, migration: { name: owner.migration } });
    await client.query(putBackSql(sync, table));
    await keepCheckpoint(client, owner, { isDone: true, rows: 0 });
  });
}
