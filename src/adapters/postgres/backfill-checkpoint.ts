import type { ClientBase } from 'pg';
import type { MigrationName } from '../../rollout/schema/migration.js';

/** Whose backfill it is: the row of its expand in the ledger. */
export interface BackfillOwner {
  pipeline: string;
  migration: MigrationName;
}

/** How far a backfill is. */
export interface Checkpoint {
  /** The last key that was passed, as text; absent before the first batch. */
  after?: string;
  isDone?: boolean;
  /** That were passed. */
  rows: number;
}

/** Locked until the end of the transaction: a worker that was taken for dead cannot fill the same batch at the same time. */
export async function lockCheckpoint(client: ClientBase, owner: BackfillOwner): Promise<Checkpoint> {
  const { rows: [found] } = await client.query<{ checkpoint: Omit<Checkpoint, 'rows'> | null; rows: string }>(
    "select checkpoint, rows from meridian.migrations where pipeline = $1 and name = $2 and phase = 'expand' for no key update",
    [owner.pipeline, owner.migration],
  );
  if (found === undefined) throw new Error(`${owner.migration}, backfill: the ledger has been changed by somebody else meanwhile`);
  return { ...found.checkpoint, rows: Number(found.rows) };
}

export async function keepCheckpoint(client: ClientBase, { pipeline, migration }: BackfillOwner, { rows, ...checkpoint }: Checkpoint): Promise<void> {
  await client.query(
    "update meridian.migrations set checkpoint = $3, rows = $4 where pipeline = $1 and name = $2 and phase = 'expand'", [pipeline, migration, checkpoint, rows],
  );
}
