import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { SchemaProgress } from '../../../activities/ports/database.js';
import { durationMs } from '../../rollout/duration.js';
import type { Database } from '../../rollout/schema/database.js';
import type { KnownMigration } from '../../rollout/schema/migration.js';
import { fillBatch, type Filling } from './backfill-batch.js';
import type { Checkpoint } from './backfill-checkpoint.js';
import { estimateRows, tellOf, type News } from './backfill-news.js';
import { afterBatch, patienceFor } from './backfill-pace.js';
import { findWalkedTable } from './backfill-table.js';
import { Obstacles } from './backfill-obstacles.js';
import { scrubber } from './scrub.js';
import { timeLimitsOf } from './time-limits.js';
import { inTransaction } from './transaction.js';

export interface BackfillWork {
  pipeline: string;
  migration: Pick<KnownMigration, 'name' | 'backfill'>;
  database: Database;
}

/** Between two questions whether it may go on. */
const againMs = 1_000;

/**
 * Walks the table by its key and runs the author's statement for one batch of rows after the other, from where the ledger says that it was. A row that
 * is inserted behind it by an old release is the sync trigger's work; one before it is found, the last one too: it ends when a look beyond the last key
 * finds nothing. Throws `MigrationFailed`, `MigrationBlocked`, what befalls a connection, and the signal's reason.
 */
export async function runBackfill(client: pg.Client, work: BackfillWork, progress: SchemaProgress, signal: AbortSignal): Promise<void> {
  const { pipeline, migration: { name, backfill }, database } = work;
  if (backfill === undefined) return;
  const limits = timeLimitsOf(database);
  const migration = { name, backfill };
  const table = await findWalkedTable(client, migration);
  await walkRows({ client, owner: { pipeline, migration: name }, migration, table, limits, scrub: scrubber(database.url) }, progress, signal);
}

/** From where its checkpoint is to the end of the table. Throws as `runBackfill` does. */
export async function walkRows(filling: Filling, progress: SchemaProgress, signal: AbortSignal): Promise<void> {
  const { client, migration: { name }, table, limits } = filling;
  const news = tellOf(name, await inTransaction(client, limits, () => estimateRows(client, table.name)), progress);
  try {
    await walk(filling, news, progress, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    news.stop();
  }
}

async function walk(filling: Filling, news: News, progress: SchemaProgress, signal: AbortSignal): Promise<void> {
  const { migration: { backfill }, limits } = filling;
  const obstacles = new Obstacles(filling, news, signal);
  for (let size = backfill.batch; ;) {
    await untilItMayGoOn(progress, news, signal);
    const patienceMs = patienceFor(size, limits);
    const begunMs = performance.now();
    const reached = await attempt(() => fillBatch(filling, size, patienceMs), signal);
    if ('error' in reached) {
      size = await obstacles.pass(reached.error, size);
      continue;
    }
    obstacles.passed();
    news.rows(reached.checkpoint.rows);
    if (reached.checkpoint.isDone === true) return;
    size = afterBatch(size, backfill.batch, performance.now() - begunMs, patienceMs);
    await sleep(durationMs(backfill.pause), undefined, { signal });
  }
}

async function attempt(batch: () => Promise<Checkpoint>, signal: AbortSignal): Promise<{ checkpoint: Checkpoint } | { error: unknown }> {
  try {
    return { checkpoint: await batch() };
  } catch (error) {
    // What ends with the connection that the signal has ended is the signal's echo.
    signal.throwIfAborted();
    return { error };
  }
}

async function untilItMayGoOn({ mayGoOn }: SchemaProgress, news: News, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const why = await mayGoOn(signal);
    if (why === undefined) return;
    news.waits(why);
    await sleep(againMs * (0.5 + Math.random()), undefined, { signal });
  }
}
