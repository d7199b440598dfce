import type { Migration } from '../rollout/schema/migration.js';
import { actsOf, type Act } from './acts/act.js';
import { pathOf, phases, type Phase } from './phases.js';
import { parseSql, type ParsedStatement } from './parse.js';
import { SqlSyntaxError } from './syntax-error.js';
import type { Finding } from './finding.js';

/** That one text may do: a plan shows each of them. */
const mostActs = 200;
const beginning = { line: 1, column: 1 };

/** One text of a migration, read. */
export interface MigrationText {
  phase: Phase;
  statements: ParsedStatement[];
  acts: Act[];
}

const sqlOf = ({ expand, backfill, contract }: Migration): Record<Phase, string | undefined> => ({
  'expand.up': expand.up, 'expand.down': expand.down, backfill: backfill?.sql, 'contract.up': contract?.up, 'contract.down': contract?.down,
});

/** The texts that can be read, and a finding for each that cannot. */
export async function readTexts(migration: Migration): Promise<{ texts: MigrationText[]; findings: Finding[] }> {
  const texts: MigrationText[] = [];
  const findings: Finding[] = [];
  for (const phase of phases) {
    const sql = sqlOf(migration)[phase];
    if (sql === undefined) continue;
    try {
      const statements = await parseSql(sql);
      const acts = statements.flatMap(actsOf);
      if (acts.length > mostActs) throw new SqlSyntaxError(`it does ${acts.length} things, at most ${mostActs}: split the migration`, beginning);
      texts.push({ phase, statements, acts });
    } catch (error) {
      if (!(error instanceof SqlSyntaxError)) throw error;
      findings.push(unreadable(error, pathOf[phase], sql));
    }
  }
  return { texts, findings };
}

/** A text that PostgreSQL would not read either. */
export function unreadable({ message, line, column }: SqlSyntaxError, path: string, sql: string): Finding {
  return {
    rule: 'syntax', severity: 'error', path, statement: 0, line, column, sql: '',
    problem: `This cannot be read: ${message}.`, remedy: adviceFor(sql, line), rewrite: {},
  };
}

function adviceFor(sql: string, line: number): string {
  const text = sql.split('\n')[line - 1]?.trimStart() ?? '';
  if (text.startsWith('\\')) return 'Lines that begin with a backslash are commands of psql, not SQL: leave them out.';
  if (/\bcopy\b[^;]*\bfrom\s+stdin\b/i.test(sql)) return 'COPY … FROM stdin takes its rows from psql: write INSERT … VALUES, for a table that the same text creates.';
  return 'Statements of PostgreSQL 18, each ended by a semicolon.';
}
