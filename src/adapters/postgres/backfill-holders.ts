import type { ClientBase } from 'pg';
import { describeSession, type ServerSession } from './blockers.js';
import type { Scrub } from './scrub.js';

/** Who has a transaction open that may write the table, the oldest first; undefined when nobody has any more. Asked after a lock was not free. */
export async function holdersOf(client: ClientBase, table: string, scrub: Scrub): Promise<string | undefined> {
  const { rows } = await client.query<ServerSession>(
    `select held.pid, other.state, other.query, extract(epoch from clock_timestamp() - other.xact_start)::float8 as seconds
     from (select distinct coalesce(pid, 0) as pid from pg_catalog.pg_locks
           where locktype = 'relation' and granted and mode not in ('AccessShareLock', 'ShareUpdateExclusiveLock') and pid is distinct from pg_backend_pid()
             and database = (select oid from pg_catalog.pg_database where datname = current_database())
             and (relation = to_regclass($1) or relation in (select relid from pg_partition_tree(to_regclass($1))))) as held
       left join pg_catalog.pg_stat_activity as other on other.pid = held.pid
     order by seconds desc nulls last limit 3`,
    [table],
  );
  return rows.length === 0 ? undefined : rows.map((row) => describeSession(row, scrub)).join('; ');
}
