import type pg from 'pg';

/** How long each statement of a transaction may wait for a lock, and run; in milliseconds. */
export interface Patience {
  lockTimeoutMs: number;
  statementTimeoutMs: number;
}

/** Everything or nothing of `work`, at READ COMMITTED whatever the role's default is. Read-only where the server is. */
export async function inTransaction<T>(client: pg.Client, { lockTimeoutMs, statementTimeoutMs }: Patience, work: () => Promise<T>): Promise<T> {
  await client.query('begin isolation level read committed');
  try {
    await client.query(`set local lock_timeout = ${lockTimeoutMs}; set local statement_timeout = ${statementTimeoutMs}`);
    const result = await work();
    await client.query('commit');
    return result;
  } catch (error) {
    // The first error tells what happened; a connection that is gone has rolled back by itself.
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}
