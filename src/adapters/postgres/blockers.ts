import { setTimeout as sleep } from 'node:timers/promises';
import { formatDuration } from '../../rollout/duration.js';
import { beginningOf } from './failures.js';
import type { Scrub } from './scrub.js';
import type { Session } from './session.js';

/** Another session of the server, as `pg_stat_activity` shows it. */
export interface ServerSession {
  /** 0 is a prepared transaction: it has no process. */
  pid: number;
  /** Null where the role may not see it. */
  state: string | null;
  query: string | null;
  seconds: number | null;
}

/** `pid 4711, idle in transaction for 34s, "select * from customers"`. */
export function describeSession({ pid, state, query, seconds }: ServerSession, scrub: Scrub): string {
  if (pid === 0) return 'a prepared transaction (see pg_prepared_xacts)';
  const since = seconds === null ? '' : ` for ${formatDuration(seconds * 1_000)}`;
  return `pid ${pid}, ${state ?? 'at work'}${since}${query === null || query === '' ? '' : `, "${beginningOf(query, scrub)}"`}`;
}

const againMs = 1_000;

/** Looks, from beside, at what the session waits for while a statement runs. `last` is the answer that was found last; looking never fails. */
export function watchBlockers(session: Session, told: (blockers: string) => void = () => undefined): { last(): string | undefined; stop(): Promise<void> } {
  const over = new AbortController();
  let last: string | undefined;
  const looking = (async () => {
    // Short statements cost no look; one that waits is looked at before its patience is over.
    await sleep(Math.min(session.limits.lockTimeoutMs / 2, againMs), undefined, { signal: over.signal });
    for (;;) {
      const found = await blockersOf(session);
      if (found !== undefined && !over.signal.aborted) told(found);
      last = found ?? last;
      await sleep(againMs, undefined, { signal: over.signal });
    }
  })().catch(() => undefined);
  return {
    last: () => last,
    stop: () => {
      over.abort();
      return looking;
    },
  };
}

async function blockersOf({ pid, aside, scrub }: Session): Promise<string | undefined> {
  const { client } = await aside();
  const { rows } = await client.query<ServerSession>(
    `select blocking.pid, other.state, other.query, extract(epoch from clock_timestamp() - coalesce(other.xact_start, other.backend_start))::float8 as seconds
     from unnest(pg_blocking_pids($1)) as blocking(pid) left join pg_catalog.pg_stat_activity as other on other.pid = blocking.pid
     order by seconds desc nulls last limit 3`,
    [pid],
  );
  return rows.length === 0 ? undefined : rows.map((row) => describeSession(row, scrub)).join('; ');
}
