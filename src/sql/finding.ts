import type { Phase } from './phases.js';
import type { Found, Rewrite, Severity } from './rules/rule.js';
import type { Position } from './position.js';

/** What stands in the way of a migration, or is to be weighed by a person. */
export interface Finding extends Position {
  /** The rule's name, as in docs/migrations-lint.md. */
  rule: string;
  severity: Severity;
  /** JSON pointer into the migration: `/expand/up`. */
  path: string;
  /** Which statement of that text, from 1; 0 where it is not about one. */
  statement: number;
  /** How the statement begins. */
  sql: string;
  problem: string;
  /** What to do, with the SQL that does it. */
  remedy: string;
  /** That SQL alone, by the text that it belongs into. */
  rewrite: Rewrite;
}

const headings: Record<Phase, string> = {
  'expand.up': 'expand.up', 'expand.down': 'expand.down', backfill: 'backfill.sql', 'contract.up': 'contract.up', 'contract.down': 'contract.down',
};

/** The sentence, and below it the SQL text by text. */
export const remedyText = ({ remedy, rewrite = {} }: Pick<Found, 'remedy' | 'rewrite'>): string =>
  [remedy, ...(Object.entries(rewrite) as [Phase, string][]).map(([phase, sql]) => `${headings[phase]}:\n${indented(sql)}`)].join('\n');

const indented = (sql: string): string => sql.split('\n').map((line) => `  ${line}`).join('\n');

const longest = 120;

/** A statement's beginning, on one line. */
export function beginningOf(sql: string): string {
  const line = sql.replaceAll(/\s+/g, ' ').trim();
  return line.length <= longest ? line : `${line.slice(0, longest - 2)} …`;
}
