import type pg from 'pg';
import type { SchemaProgress } from '../../../activities/ports/database.js';
import { runBackfill, type BackfillWork } from '../../../src/adapters/postgres/backfill.js';
import { ensureLedger } from '../../../src/adapters/postgres/ledger/tables.js';
import { Backfill } from '../../../src/rollout/schema/migration.js';
import { Database } from '../../../src/rollout/schema/database.js';
import type { z } from 'zod';

export const split = "update customers set given_name = split_part(name, ' ', 1), family_name = split_part(name, ' ', 2) where id between $1 and $2 and given_name is null";

/** What was said, and what is asked: nothing keeps it waiting unless `mayGoOn` is replaced. */
export interface HeardProgress extends SchemaProgress {
  said: string[];
}

export function listen(parts: Partial<SchemaProgress> = {}): HeardProgress {
  const said: string[] = [];
  return { said, say: (text) => void said.push(text), mayGoOn: async () => undefined, ...parts };
}

export const workOf = (backfill: z.input<typeof Backfill>, database: Partial<z.input<typeof Database>> = {}): BackfillWork => ({
  pipeline: 'shop',
  migration: { name: '0042-split-name', backfill: Backfill.parse({ pause: '0s', ...backfill }) },
  database: Database.parse({ type: 'postgres', url: 'postgres://never-shown', lockTimeout: '200ms', ...database }),
});

/** The ledger, with the row of an expand that is under way. */
export async function openLedger(client: pg.Client): Promise<void> {
  await client.query('drop schema if exists meridian');
  await ensureLedger(client);
  await client.query("insert into meridian.migrations (pipeline, name, phase, checksum, rollout) values ('shop', '0042-split-name', 'expand', 'c', 'r')");
}

export async function progressOf(client: pg.Client): Promise<{ checkpoint: { after?: string; isDone?: boolean } | null; rows: number }> {
  const { rows } = await client.query("select checkpoint, rows::int from meridian.migrations where phase = 'expand'");
  return rows[0];
}

export const fill = (client: pg.Client, work: BackfillWork, progress: SchemaProgress = listen(), signal = new AbortController().signal): Promise<void> =>
  runBackfill(client, work, progress, signal);
