import { failureOf } from './failures.js';
import { countStatement } from './ledger/statements.js';
import { untilUnlocked } from './locked-out.js';
import type { StatementWork } from './phase-text.js';
import type { Run } from './run.js';
import { inTransaction } from './transaction.js';

/** Runs a statement and counts it in one transaction: both or neither. Throws `MigrationFailed`, `MigrationBlocked` and what befalls a connection. */
export async function runInTransaction(run: Run, work: StatementWork): Promise<void> {
  const { session: { client, limits, scrub } } = run;
  const { statement, at } = work;
  const patience = { lockTimeoutMs: limits.lockTimeoutMs, statementTimeoutMs: statement.isLong ? limits.longTimeoutMs : limits.statementTimeoutMs };
  try {
    await untilUnlocked(run.session, `${at.text}, statement ${at.number}`, run.say, () => inTransaction(client, patience, async () => {
      await client.query(statement.sql);
      await countStatement(run, work);
    }));
  } catch (error) {
    throw failureOf(error, scrub, at);
  }
}
