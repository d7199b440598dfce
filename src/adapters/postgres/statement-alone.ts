import pg from 'pg';
import { failureOf } from './failures.js';
import { dropInvalid, findIndex, type ConcurrentIndex } from './concurrent-index.js';
import { beginStatement, countStatement, unbeginStatement } from './ledger/statements.js';
import { untilUnlocked } from './locked-out.js';
import type { StatementWork } from './phase-text.js';
import type { Run } from './run.js';

/**
 * Runs a statement that PostgreSQL takes only outside a transaction, so that it cannot be counted together with what it does. That it was begun is
 * written down before; an index that was begun is looked for in the catalogue: whole, it is done; invalid, it is dropped and built again.
 */
export async function runAlone(run: Run, work: StatementWork): Promise<void> {
  const { session: { client, limits, scrub } } = run;
  const { statement: { index }, at } = work;
  try {
    await untilUnlocked(run.session, `${at.text}, statement ${at.number}`, run.say, async () => {
      await setPatience(run, limits.lockTimeoutMs);
      const wasBegun = await beginStatement(run, work);
      if (!(wasBegun && index !== undefined && (await isDone(run, index)))) await execute(run, work);
      await countStatement(run, work);
    });
  } catch (error) {
    throw failureOf(error, scrub, at);
  } finally {
    await client.query('set lock_timeout = 0; set statement_timeout = 0').catch(() => undefined); // A connection that is lost has no settings any more.
  }
}

async function setPatience({ session: { client, limits } }: Run, lockTimeoutMs: number): Promise<void> {
  await client.query(`set lock_timeout = ${lockTimeoutMs}; set statement_timeout = ${limits.longTimeoutMs}`);
}

async function isDone({ session: { client } }: Run, index: ConcurrentIndex): Promise<boolean> {
  const found = await findIndex(client, index);
  return index.drop ? found === undefined : found?.isValid === true;
}

async function execute(run: Run, work: StatementWork): Promise<void> {
  const { session: { client } } = run;
  const { statement: { sql, index } } = work;
  const builds = index !== undefined && !index.drop;
  if (builds) {
    // `if not exists` would take an invalid one for the index.
    await dropInvalid(client, index);
    // It waits for every transaction that is older, keeps nobody waiting meanwhile, and would have built in vain if it gave up.
    await setPatience(run, 0);
  }
  try {
    await client.query(sql);
  } catch (error) {
    if (builds) await cleanUp(run, work, index, error).catch(() => undefined);
    throw error;
  }
}

const duplicate = '42P07';

/** An invalid unique index refuses rows all the same, so it goes soon. What cannot be done now, the next attempt does, or the undo. */
async function cleanUp(run: Run, work: StatementWork, index: ConcurrentIndex, error: unknown): Promise<void> {
  const { client, limits } = run.session;
  // It is somebody else's, and must not be taken for ours the next time.
  if (error instanceof pg.DatabaseError && error.code === duplicate) return unbeginStatement(run, work);
  await client.query(`set lock_timeout = ${limits.lockTimeoutMs}; set statement_timeout = ${limits.statementTimeoutMs}`);
  await dropInvalid(client, index);
}
