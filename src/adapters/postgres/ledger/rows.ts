import type pg from 'pg';
import type { PlaceSchema, SchemaPhase } from '../../../rollout/schema/migration.js';
import { hasLedger } from './tables.js';

export type Phase = 'expand' | 'contract';

/** One phase of one migration, as `meridian.migrations` keeps it. */
export interface LedgerRow {
  name: string;
  phase: Phase;
  state: 'running' | 'done' | 'undoing';
  checksum: string;
  /** How many statements are done, on the way there or on the way back. */
  statements: number;
  /** Number of the last statement outside a transaction that was begun. */
  begun: number;
  rollout: string;
}

/** None of its statements has done anything, in a transaction or outside. */
export const isUntouched = ({ state, statements, begun }: LedgerRow): boolean => state === 'running' && statements === 0 && begun === 0;

/** What is known of a migration; nothing when it was never applied, or taken back. */
export type Entry = Partial<Record<Phase, LedgerRow>>;

/** Everything that a pipeline has in a database. Changes nothing; a database without a ledger is empty. */
export async function readLedger(client: pg.Client, pipeline: string): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  if (!(await hasLedger(client))) return entries;
  const { rows } = await client.query<LedgerRow>(
    'select name, phase, state, checksum, statements, begun, rollout from meridian.migrations where pipeline = $1 order by name, phase', [pipeline],
  );
  for (const row of rows) entries.set(row.name, { ...entries.get(row.name), [row.phase]: row });
  return entries;
}

/** What is half-way, there or back, is not whole: `expanding` or `contracting`. */
const phaseOf = ({ expand, contract }: Entry): SchemaPhase => {
  if (contract !== undefined) return contract.state === 'done' ? 'contracted' : 'contracting';
  return expand?.state === 'done' ? 'expanded' : 'expanding';
};

export const placeSchema = async (client: pg.Client, pipeline: string): Promise<PlaceSchema> =>
  Object.fromEntries([...(await readLedger(client, pipeline))].map(([name, entry]) => [name, phaseOf(entry)]));
