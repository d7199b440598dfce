import pg from 'pg';
import { MeridianFailure } from '../../rollout/failure.js';
import { leaveLedgerOut } from './search-path.js';

const connectMs = 10_000;

/** How long a connection that is ended is waited for: its statement stops at the next point at which PostgreSQL looks. */
const endMs = 5_000;

/** A connection and the process that serves it; behind a pooler that is not the one that the protocol names. */
export interface Connection {
  client: pg.Client;
  pid: number;
}

/** Opens one connection. Throws what `pg` throws, and the signal's reason when it was aborted meanwhile. */
export async function openConnection(url: string, signal: AbortSignal): Promise<Connection> {
  signal.throwIfAborted();
  const client = clientOf(url);
  // A connection that breaks between two statements is told by the next statement; unheard, the event would end the process.
  client.on('error', () => undefined);
  const abort = (): void => void client.connection.stream.destroy();
  signal.addEventListener('abort', abort);
  try {
    await client.connect();
    return { client, pid: await prepare(client) };
  } catch (error) {
    closeQuietly(client);
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

const refused = (text: string): MeridianFailure => new MeridianFailure('DatabaseRefused', text);

function clientOf(url: string): pg.Client {
  if (!namesServer(url)) throw refused('The URL of the database is not one of PostgreSQL: write postgres://user:password@host:port/database.');
  try {
    return new pg.Client({
      connectionString: url, application_name: 'meridian', connectionTimeoutMillis: connectMs, keepAlive: true, keepAliveInitialDelayMillis: connectMs,
    });
  } catch {
    // What it says may hold a part of the URL that nobody knows to be one.
    throw refused('The URL of the database cannot be used: write a % in it as %25, and name only files that this worker can read (sslrootcert, sslcert, sslkey).');
  }
}

/** Without a host `pg` would take one from the environment of the worker. */
function namesServer(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return ['postgres:', 'postgresql:'].includes(url.protocol) && (url.hostname !== '' || url.searchParams.has('host'));
}

/**
 * Settings of the session. What the role or the database sets as time-outs does not count: each statement brings its own. And a server that loses
 * its worker notices: at once while a statement runs, after half a minute in silence.
 */
const settings = [
  ['application_name', 'meridian'],
  ['statement_timeout', '0'],
  ['lock_timeout', '0'],
  ['transaction_timeout', '0'], // PostgreSQL 17
  ['idle_session_timeout', '0'],
  ['idle_in_transaction_session_timeout', '30s'],
  ['tcp_keepalives_idle', '10'],
  ['tcp_keepalives_interval', '5'],
  ['tcp_keepalives_count', '4'],
] as const;

async function prepare(client: pg.Client): Promise<number> {
  await client.query(
    `select set_config(name, value, false) from unnest($1::text[], $2::text[]) as wanted(name, value)
     where exists (select from pg_catalog.pg_settings as known where known.name = wanted.name)`,
    [settings.map(([name]) => name), settings.map(([, value]) => value)],
  );
  // Not on every platform: where it is refused, a lost worker's statement runs on until it is done, and is waited for.
  await client.query("set client_connection_check_interval = '1s'").catch((error: unknown) => {
    if (!(error instanceof pg.DatabaseError)) throw error;
  });
  await leaveLedgerOut(client);
  return backendPid(client);
}

/** The server process behind a connection just now. */
export async function backendPid(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  return rows[0]!.pid;
}

/** Ends a connection and waits until the server has stopped what it did for it. Never throws: an unreachable server notices by itself. */
export async function endConnection(url: string, { client, pid }: Connection): Promise<void> {
  try {
    const other = await openConnection(url, AbortSignal.timeout(endMs));
    // Zero rows or false: it has ended before.
    await other.client.query('select pg_terminate_backend($1, $2)', [pid, endMs]).finally(() => closeQuietly(other.client));
  } catch {
    // The server ends it when it finds the socket closed.
  }
  client.connection.stream.destroy();
}

/** Closes without waiting for anything that still runs. */
export function closeQuietly(client: pg.Client): void {
  client.end().catch(() => undefined);
}
