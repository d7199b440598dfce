import type { ClientBase } from 'pg';
import type { MigrationName } from '../../rollout/schema/migration.js';

/** Whose rows are walked. */
export interface BackfillOwner {
  pipeline: string;
  migration: MigrationName;
  /** Which of `sync` it puts back after a contract; absent for the backfill of the expand. */
  sync?: number;
}

/** How far a walk is. */
export interface Checkpoint {
  /** The last key that was passed, as text; absent before the first batch. */
  after?: string;
  isDone?: boolean;
  /** That were passed. */
  rows: number;
}

type Kept = Omit<Checkpoint, 'rows'>;

const phaseOf = ({ sync }: BackfillOwner): 'expand' | 'contract' => (sync === undefined ? 'expand' : 'contract');

/** Locked until the end of the transaction: a worker that was taken for dead cannot fill the same batch at the same time. */
export async function lockCheckpoint(client: ClientBase, owner: BackfillOwner): Promise<Checkpoint> {
  const { rows: [found] } = await client.query<{ checkpoint: Kept | null; rows: string }>(
    `select case when $4::text is null then checkpoint else checkpoint -> $4::text end as checkpoint, rows
     from meridian.migrations where pipeline = $1 and name = $2 and phase = $3 for no key update`,
    [owner.pipeline, owner.migration, phaseOf(owner), owner.sync],
  );
  if (found === undefined) throw new Error(`${owner.migration}, backfill: the ledger has been changed by somebody else meanwhile`);
  return { ...found.checkpoint, rows: Number(found.rows) };
}

export async function keepCheckpoint(client: ClientBase, owner: BackfillOwner, { rows, ...checkpoint }: Checkpoint): Promise<void> {
  await client.query(
    `update meridian.migrations set checkpoint = case when $6::text is null then $4::jsonb else coalesce(checkpoint, '{}') || jsonb_build_object($6::text, $4::jsonb) end, rows = $5
     where pipeline = $1 and name = $2 and phase = $3`,
    [owner.pipeline, owner.migration, phaseOf(owner), checkpoint, rows, owner.sync],
  );
}

/** The entries of `sync` whose columns have come back, and whose rows have not all. */
export async function syncsToPutBack(client: ClientBase, { pipeline, migration }: Omit<BackfillOwner, 'sync'>): Promise<number[]> {
  const { rows } = await client.query<{ index: number }>(
    `select key::int as index from meridian.migrations, jsonb_each(coalesce(checkpoint, '{}'))
     where pipeline = $1 and name = $2 and phase = 'contract' and (value -> 'isDone') is null order by 1`,
    [pipeline, migration],
  );
  return rows.map(({ index }) => index);
}
