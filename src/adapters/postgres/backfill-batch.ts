import type pg from 'pg';
import { failureOf } from './failures.js';
import { keepCheckpoint, lockCheckpoint, type BackfillOwner, type Checkpoint } from './backfill-checkpoint.js';
import type { Filled, WalkedTable } from './backfill-table.js';
import type { Scrub } from './scrub.js';
import { isPassing } from './backfill-pace.js';
import { backfillMark } from './sync-names.js';
import { inTransaction } from './transaction.js';
import type { TimeLimits } from './time-limits.js';

/** One backfill on its way. */
export interface Filling {
  client: pg.Client;
  owner: BackfillOwner;
  migration: Filled;
  table: WalkedTable;
  limits: TimeLimits;
  scrub: Scrub;
}

/**
 * Fills the next rows back and writes down how far it came, both or neither. `patienceMs` is for the statement itself, which holds the rows that it
 * has written. Throws what PostgreSQL answered where another try may do better, `MigrationFailed` where the statement is to blame.
 */
export function fillBatch(filling: Filling, size: number, patienceMs: number): Promise<Checkpoint> {
  const { client, owner, limits } = filling;
  return inTransaction(client, limits, async () => {
    const checkpoint = await lockCheckpoint(client, owner);
    if (checkpoint.isDone === true) return checkpoint;
    const bounds = await boundsOf(filling, checkpoint.after, size);
    const reached: Checkpoint = bounds === undefined ? { ...checkpoint, isDone: true } : { after: bounds.last, rows: checkpoint.rows + bounds.rows };
    if (bounds !== undefined) await fill(filling, bounds, size, patienceMs);
    await keepCheckpoint(client, owner, reached);
    return reached;
  });
}

interface Bounds {
  first: string;
  last: string;
  rows: number;
}

/** Keys travel as JSON writes them: the same in every session, whatever its date style. */
async function boundsOf({ client, table: { name, key } }: Filling, after: string | undefined, size: number): Promise<Bounds | undefined> {
  const { rows } = await client.query<Omit<Bounds, 'rows'> & { rows: string }>(
    `with batch as materialized (select ${key} as key from ${name} ${after === undefined ? '' : `where ${key} > $2`} order by ${key} limit $1)
     select to_jsonb(low.key) #>> '{}' as first, to_jsonb(high.key) #>> '{}' as last, (select count(*) from batch) as rows
     from (select key from batch order by key limit 1) as low, (select key from batch order by key desc limit 1) as high`,
    after === undefined ? [size] : [size, after],
  );
  return rows[0] && { ...rows[0], rows: Number(rows[0].rows) };
}

async function fill(filling: Filling, bounds: Bounds, size: number, patienceMs: number): Promise<void> {
  const { client, owner, migration: { backfill }, scrub } = filling;
  await client.query("select set_config('meridian.backfill', $1, true), set_config('statement_timeout', $2, true)", [backfillMark(owner), `${patienceMs}`]);
  if (size > 1) await lockRows(filling, bounds);
  try {
    await client.query(backfill.sql, [bounds.first, bounds.last]);
  } catch (error) {
    throw isPassing(error) ? error : failureOf(error, scrub, { text: nameOf(filling, bounds), number: 1, of: 1, sql: backfill.sql, line: 1 });
  }
}

/**
 * All of the rows at once or none: a batch that waited for one row would keep its other ones from everybody, and could close a deadlock in which a
 * client's transaction loses. Only a batch of one waits.
 */
async function lockRows({ client, table: { name, key, isWritten } }: Filling, { first, last }: Bounds): Promise<void> {
  if (!isWritten) return;
  await client.query(
    `select count(*) from (select from ${name} where ${key} between $1 and $2 order by ${key} for no key update nowait) as locked`, [first, last],
  );
}

const nameOf = ({ migration, table: { isKeyPlain } }: Filling, { first, last }: Bounds): string =>
  `${migration.name}, backfill${isKeyPlain ? `, keys ${first} to ${last}` : ''}`;
