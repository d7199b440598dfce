import { keepCheckpoint } from './backfill-checkpoint.js';
import { failureOf } from './failures.js';
import { countStatement } from './ledger/statements.js';
import { untilUnlocked } from './locked-out.js';
import type { StatementWork } from './phase-text.js';
import type { Run } from './run.js';
import { fitSync, standAside } from './sync.js';
import { inTransaction } from './transaction.js';

/**
 * The statement fills columns itself, so the triggers stand aside for it; and they come and go with their columns, so that no write of a client
 * falls between. A trigger that comes back leaves the rows from before to be put back: that is written down with it.
 */
async function inStep({ session: { client }, step: { pipeline } }: Run, { name, phase, way, sync }: StatementWork, execute: () => Promise<unknown>): Promise<void> {
  const work = { pipeline, migration: sync === undefined ? { name } : { name, sync } };
  await standAside(client, work);
  await execute();
  for (const index of await fitSync(client, work)) {
    if (phase === 'contract' && way === 'down') await keepCheckpoint(client, { pipeline, migration: name, sync: index }, { rows: 0 });
  }
}

/** Runs a statement and counts it in one transaction: both or neither. Throws `MigrationFailed`, `MigrationBlocked` and what befalls a connection. */
export async function runInTransaction(run: Run, work: StatementWork): Promise<void> {
  const { session: { client, limits, scrub } } = run;
  const { statement, at } = work;
  const patience = { lockTimeoutMs: limits.lockTimeoutMs, statementTimeoutMs: statement.isLong ? limits.longTimeoutMs : limits.statementTimeoutMs };
  try {
    await untilUnlocked(run.session, `${at.text}, statement ${at.number}`, run.say, () => inTransaction(client, patience, async () => {
      await inStep(run, work, () => client.query(statement.sql));
      await countStatement(run, work);
    }));
  } catch (error) {
    throw failureOf(error, scrub, at);
  }
}
