import type pg from 'pg';
import { MeridianFailure } from '../../rollout/failure.js';
import { backendPid, type Connection } from './connection.js';

/**
 * Refuses a pooler that lends a server connection for one transaction only: the lock that keeps two workers apart lives in a server's session,
 * and would be left behind in it. `other` opens a second connection.
 */
export async function refuseTransactionPooler(connection: Connection, other: () => Promise<Connection>): Promise<void> {
  const { client, pid } = connection;
  if (await backendPid(client) !== pid) throw refusal();
  // A server names its own process in the protocol; a pooler makes one up. With one that lends sessions all is well.
  if (protocolPid(client) === pid) return;
  const { client: second } = await other();
  await second.query('begin');
  try {
    // In a transaction it holds its server: whoever holds one that has served the first, or makes the first change, shares it.
    if (await backendPid(second) === pid || await backendPid(client) !== pid) throw refusal();
  } finally {
    await second.query('rollback');
  }
}

/** Set by `pg` from the message BackendKeyData; its types do not tell. */
const protocolPid = (client: pg.Client): number | null => (client as pg.Client & { processID: number | null }).processID;

const refusal = (): MeridianFailure => new MeridianFailure('DatabaseRefused',
  'Between Meridian and the database stands a pooler that lends connections for single transactions: the lock of a migration would be lost in it. '
  + 'Give the URL of the server itself, or of a pool in session mode.');
