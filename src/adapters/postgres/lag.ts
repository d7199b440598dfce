import pg from 'pg';
import { MeridianFailure } from '../../rollout/failure.js';
import type { Database } from '../../rollout/schema/database.js';

/**
 * The number that `lag.query` answers; without one the seconds that the slowest replica is behind, 0 when there is none. Throws `MigrationFailed` where
 * the answer is not one number,
 * `DatabaseRefused` where the role may not see replicas, and what befalls a connection as it came.
 */
export const askLag = (client: pg.Client, { lag }: Pick<Database, 'lag'>): Promise<number> =>
  (lag?.query === undefined ? slowestReplica(client) : askQuery(client, lag.query));

async function askQuery(client: pg.Client, query: string): Promise<number> {
  // Read-only: a question changes nothing.
  await client.query('begin read only');
  try {
    // As text: how `pg` reads a type does not matter then. Extended: PostgreSQL takes one statement at a time, so none can end the transaction.
    const question: pg.QueryArrayConfig & { queryMode: 'extended' } = { text: query, rowMode: 'array', types: asText, queryMode: 'extended' };
    return oneNumber(await client.query<(string | null)[]>(question), query);
  } catch (error) {
    throw queryFailure(error, query);
  } finally {
    await client.query('rollback').catch(() => undefined);
  }
}

const asText = { getTypeParser: () => String };

function oneNumber({ rows, fields }: pg.QueryArrayResult<(string | null)[]>, query: string): number {
  if (rows.length !== 1 || fields.length !== 1) throw failed(`it answered ${rows.length} rows of ${fields.length} columns`, query);
  const value = rows[0]![0];
  if (value === null || value === undefined) throw failed('it answered NULL: say what that means with coalesce(…, 0)', query);
  const number = value.trim() === '' ? NaN : Number(value);
  if (!Number.isFinite(number)) throw failed(`it answered ${JSON.stringify(value.slice(0, 40))}, which is not a number; of an interval take extract(epoch from …)`, query);
  return number;
}

const failed = (what: string, query: string): MeridianFailure =>
  new MeridianFailure('MigrationFailed', `lag.query must answer one row with one number; ${what} ("${query.replaceAll(/\s+/g, ' ').trim().slice(0, 80)}").`);

/** SQLSTATE classes 22 (data), 25 (it writes) and 42 (syntax, names, types) are the query's fault; 42501 is about rights. */
function queryFailure(error: unknown, query: string): unknown {
  if (!(error instanceof pg.DatabaseError) || !/^(22|25006|42)/.test(error.code ?? '') || error.code === '42501') return error;
  return failed(`PostgreSQL said: ${error.message}`, query);
}

/**
 * `replay_lag` is NULL for a replica that has nothing to replay, and for one that has not said anything yet: while that catches up, it counts as behind since it
 * connected. A base backup is no replica. One that has lost its connection is not in the list: watch for that with a query of your own.
 */
const slowest = `
  select count(*) filter (where state is null)::int as hidden,
         coalesce(max(extract(epoch from coalesce(replay_lag, case when state in ('startup', 'catchup') then clock_timestamp() - backend_start end)))
           filter (where state <> 'backup'), 0)::float8 as seconds
  from pg_catalog.pg_stat_replication`;

async function slowestReplica(client: pg.Client): Promise<number> {
  const { rows: [found] } = await client.query<{ hidden: number; seconds: number }>(slowest);
  if (found!.hidden === 0) return found!.seconds;
  throw new MeridianFailure('DatabaseRefused', `The role of the URL sees that there are ${found!.hidden} replicas, but not how far behind they are: `
    + '`grant pg_monitor to <role>`, or give `lag.query`.');
}
