import { setTimeout as sleep } from 'node:timers/promises';
import { MeridianFailure } from '../../rollout/failure.js';
import { describeSession, type ServerSession } from './blockers.js';
import type { Session } from './session.js';

const firstPauseMs = 200;
const longestPauseMs = 2_000;

/** Times the lock time-out; then people read who has it, and another attempt follows. */
const patience = 30;

const key = "hashtextextended('meridian/' || $1, 0)";

/**
 * Lets one session at a time work on the migrations of a pipeline in a database; given up with the session. It is asked for again and again rather
 * than waited for in the server: a statement that waits holds a snapshot, and building an index concurrently waits for all of those. Tells who
 * has it: often the statement of a worker that was killed. Throws `MigrationBlocked` after a minute of the usual time-out.
 */
export async function takeLock({ client, scrub, signal, limits }: Session, pipeline: string, say: (text: string) => void): Promise<void> {
  const deadline = performance.now() + limits.lockTimeoutMs * patience;
  for (let pauseMs = firstPauseMs; !(await isTaken()); pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    const who = `another session that works on the migrations of ${pipeline}: ${await holder()}`;
    if (performance.now() > deadline) throw new MeridianFailure('MigrationBlocked', `It waits for ${who}. It is tried again until the timeout of the database.`);
    say(`waits for ${who}`);
    await sleep(pauseMs * (0.5 + Math.random()), undefined, { signal });
  }

  async function isTaken(): Promise<boolean> {
    const { rows } = await client.query<{ taken: boolean }>(`select pg_try_advisory_lock(${key}) as taken`, [pipeline]);
    return rows[0]!.taken;
  }

  async function holder(): Promise<string> {
    const { rows } = await client.query<ServerSession>(
      `select held.pid, other.state, other.query, extract(epoch from clock_timestamp() - coalesce(other.query_start, other.backend_start))::float8 as seconds
       from pg_catalog.pg_locks as held left join pg_catalog.pg_stat_activity as other on other.pid = held.pid
       where held.locktype = 'advisory' and held.granted and held.objsubid = 1
         and held.database = (select oid from pg_catalog.pg_database where datname = current_database())
         and (held.classid::int8 << 32 | held.objid::int8) = ${key}`,
      [pipeline],
    );
    return rows[0] === undefined ? 'it has just ended' : describeSession(rows[0], scrub);
  }
}
