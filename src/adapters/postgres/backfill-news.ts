import type { ClientBase } from 'pg';
import type { SchemaProgress } from '../../../activities/ports/database.js';
import { isPassing } from './backfill-pace.js';

/** Nobody who listens takes a backfill that waits for a dead one. */
const everyMs = 2_000;

/** Up to here rows are counted; beyond, the planner's estimate will do. */
const countedRows = 100_000;

/** What is said of a backfill: anew whenever it changes, and again and again while it does not. */
export interface News {
  rows(count: number): void;
  /** Why it does not go on just now. */
  waits(why: string): void;
  stop(): void;
}

export function tellOf(name: string, total: number | undefined, { say }: Pick<SchemaProgress, 'say'>): News {
  let line = `${name}: fills back`;
  let text = line;
  const tell = (next: string): void => {
    text = next;
    say(text);
  };
  const timer = setInterval(() => say(text), everyMs);
  return {
    rows: (count) => {
      line = `${name}: ${inWords(count)}${total === undefined || count > total ? '' : ` of about ${inWords(total)}`} rows`;
      tell(line);
    },
    waits: (why) => tell(`${line}; waits: ${why}`),
    stop: () => clearInterval(timer),
  };
}

const inWords = (count: number): string => count.toLocaleString('en-US');

/** About how many rows the table holds; undefined when that would take too long to find out, or the table is locked. `table` is quoted. */
export async function estimateRows(client: ClientBase, table: string): Promise<number | undefined> {
  try {
    const { rows: [counted] } = await client.query<{ rows: string }>(`select count(*) as rows from (select from ${table} limit ${countedRows + 1}) as found`);
    return Number(counted!.rows) <= countedRows ? Number(counted!.rows) : await plannedRows(client, table);
  } catch (error) {
    if (isPassing(error)) return undefined;
    throw error;
  }
}

/** As the last ANALYZE or VACUUM found it, in all partitions. */
async function plannedRows(client: ClientBase, table: string): Promise<number | undefined> {
  const { rows: [planned] } = await client.query<{ rows: number }>(
    `select sum(greatest(c.reltuples, 0))::float8 as rows from pg_catalog.pg_class c
     where c.oid = to_regclass($1) or c.oid in (select relid from pg_partition_tree(to_regclass($1)) where isleaf)`,
    [table],
  );
  return planned!.rows > countedRows ? Math.round(planned!.rows) : undefined;
}
