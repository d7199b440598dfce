import pg from 'pg';
import { retryUntil } from '../retry-until.js';
import { superuser } from './cluster.js';

/** How a database of a server on this machine is reached. */
export const urlOf = (port: number, password: string) => (database = 'postgres'): string =>
  `postgresql://${superuser}:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;

/** SQLSTATE of a log-in that is refused. */
export const invalidPassword = '28P01';

/** Waits until the server answers a question. Rejects at once when it refuses the log-in. */
export async function expectAnswer(url: string, limitMs: number, signal: AbortSignal): Promise<void> {
  await retryUntil(limitMs, () => withClient(url, (client) => client.query('select 1')), {
    signal, pauseMs: 50, isPassing: (error) => (error as { code?: string }).code !== invalidPassword,
  });
}

/** One connection, ended when `use` has. */
export async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined); // The query that runs is told the same; without it there is nobody to tell.
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Makes a database unless it is there; answers whether it was made now. Two at once are one. */
export async function ensureDatabase(url: string, name: string): Promise<boolean> {
  return await withClient(url, async (client) => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount !== 0) return false;
    await client.query(`create database ${client.escapeIdentifier(name)}`);
    return true;
  });
}
