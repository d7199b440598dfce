import { MeridianFailure } from '../../rollout/failure.js';
import type { KnownMigration } from '../../rollout/schema/migration.js';
import { SqlSyntaxError, splitStatements, type Statement } from '../../sql/statements.js';
import type { StatementAt } from './failures.js';
import { entryOf } from './ledger/phases.js';
import type { Phase } from './ledger/rows.js';
import { runAlone } from './statement-alone.js';
import { runInTransaction } from './statement-in-transaction.js';
import type { Run } from './run.js';

/** One of the texts of a migration, on the way there or back. */
export interface PhaseText {
  name: string;
  phase: Phase;
  way: 'up' | 'down';
  sql: string;
  /** Whose triggers come and go with the columns that its statements add and drop; absent where they come after the text. */
  sync?: KnownMigration['sync'] | undefined;
}

/** One statement of a text, which is the next one that the ledger waits for. */
export interface StatementWork extends PhaseText {
  statement: Statement;
  at: StatementAt;
}

/** `0042-split-name, expand.up`. */
const labelOf = ({ name, phase, way }: PhaseText): string => `${name}, ${phase}.${way}`;

/**
 * Runs what the ledger does not count as done yet, statement by statement; each is counted with what it does. Stopped anywhere, it goes on there
 * the next time. `between` is done before each of these statements, and after the last one.
 */
export async function runText(run: Run, text: PhaseText, between: () => Promise<void> = async () => undefined): Promise<void> {
  const statements = await statementsOf(text);
  const done = (await entryOf(run, text.name))[text.phase]?.statements ?? 0;
  for (const [index, statement] of statements.entries()) {
    if (index < done) continue;
    await between();
    run.session.signal.throwIfAborted();
    const at = { text: labelOf(text), number: index + 1, of: statements.length, sql: statement.sql, line: statement.line };
    run.say(`${at.text}: statement ${at.number} of ${at.of}`);
    await (statement.mode === 'alone' ? runAlone : runInTransaction)(run, { ...text, statement, at });
  }
  await between();
}

async function statementsOf(text: PhaseText): Promise<Statement[]> {
  try {
    return await splitStatements(text.sql);
  } catch (error) {
    if (!(error instanceof SqlSyntaxError)) throw error;
    throw new MeridianFailure('MigrationFailed',
      `${labelOf(text)}, line ${error.line}: ${error.message}. Nothing of it was run; ship the corrected migration under a new name.`);
  }
}
