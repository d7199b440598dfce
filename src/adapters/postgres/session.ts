import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Database } from '../../rollout/schema/database.js';
import { closeQuietly, endConnection, openConnection, type Connection } from './connection.js';
import { failureOf } from './failures.js';
import { scrubber, type Scrub } from './scrub.js';
import { timeLimitsOf, type TimeLimits } from './time-limits.js';

/** One connection that works, and one beside it that looks on. */
export interface Session extends Connection {
  settings: Database;
  limits: TimeLimits;
  scrub: Scrub;
  /** Aborted when the work is cancelled: whatever waits, stops waiting. */
  signal: AbortSignal;
  /** Opened at the first call. */
  aside(): Promise<Connection>;
}

/**
 * Works in a session of its own and closes it afterwards. When the signal is aborted, the server stops what it does for this session before the
 * promise settles: no statement goes on behind a cancelled activity. Throws `MeridianFailure`, or the signal's reason.
 */
export async function inSession<T>(settings: Database, signal: AbortSignal, use: (session: Session) => Promise<T>): Promise<T> {
  const scrub = scrubber(settings.url);
  try {
    const connection = await openConnection(settings.url, signal);
    return await useAndClose(settings, signal, scrub, connection, use);
  } catch (error) {
    signal.throwIfAborted();
    throw failureOf(error, scrub);
  }
}

async function useAndClose<T>(
  settings: Database, signal: AbortSignal, scrub: Scrub, connection: Connection, use: (session: Session) => Promise<T>,
): Promise<T> {
  const beside = opensOnce(() => openConnection(settings.url, signal));
  let ended: Promise<void> | undefined;
  const abort = (): void => {
    ended = endConnection(settings.url, connection);
  };
  signal.addEventListener('abort', abort);
  try {
    signal.throwIfAborted();
    return await use({ ...connection, settings, limits: timeLimitsOf(settings), scrub, signal, aside: beside.get });
  } finally {
    signal.removeEventListener('abort', abort);
    await ended;
    await beside.close();
    await closed(connection.client);
  }
}

/** A connection that is opened at the first question, again after one that failed. */
export function opensOnce(open: () => Promise<Connection>): { get(): Promise<Connection>; close(): Promise<void> } {
  let opening: Promise<Connection> | undefined;
  return {
    get: () => (opening ??= open().catch((error: unknown) => {
      opening = undefined;
      throw error;
    })),
    close: async () => {
      const connection = await opening?.catch(() => undefined);
      opening = undefined;
      if (connection !== undefined) closeQuietly(connection.client);
    },
  };
}

/** For a server to say good-bye. */
const leaveMs = 2_000;

/** What the session held, its lock above all, is free when this resolves; or the connection is lost, and the server finds out. */
async function closed(client: pg.Client): Promise<void> {
  const over = new AbortController();
  await Promise.race([client.end(), sleep(leaveMs, undefined, { signal: over.signal })]).catch(() => undefined);
  over.abort();
  client.connection.stream.destroy();
}
