import type { Constraint } from 'libpg-query';
import { constraintName } from '../acts/constraint-name.js';
import { quoted } from '../quote.js';
import { addedBy } from '../acts/added.js';
import { lines, notNullSteps } from '../rewrites.js';
import { written, type TableName } from '../tables.js';
import { as, wordsOf } from '../tree.js';
import { isFresh } from './fresh.js';
import { isProven } from './set-not-null.js';
import { forward, type Facts, type Rule } from './rule.js';

export const uniqueUsingIndex: Rule = {
  name: 'unique-using-index',
  severity: 'error',
  phases: forward,
  about: 'ADD UNIQUE or PRIMARY KEY that is not made USING INDEX: nobody can read or write until its index is built',
  check: ({ kind, command, table }, facts) => {
    const constraint = kind === 'AT_AddConstraint' ? as('Constraint', command?.def) : undefined;
    const isKey = constraint?.contype === 'CONSTR_UNIQUE' || constraint?.contype === 'CONSTR_PRIMARY';
    if (constraint === undefined || !isKey || constraint.indexname !== undefined || isFresh(facts, table)) return undefined;
    return {
      problem: `Nobody can read ${written(table)} or write to it until the index of this constraint is built (ACCESS EXCLUSIVE lock).`,
      remedy: 'Build the index beside those who write, then make the constraint of it.',
      rewrite: { [facts.phase]: uniqueSteps(table, constraint, wordsOf(constraint.keys)) },
    };
  },
};

/** The columns of an index that is built before, in the same text. */
const indexColumns = ({ before }: Facts, name: string): string[] =>
  before.flatMap(addedBy).find((thing) => thing.type === 'index' && thing.name.name === name)?.columns ?? [];

export const primaryKeyNulls: Rule = {
  name: 'primary-key-nulls',
  severity: 'warning',
  phases: forward,
  about: 'ADD PRIMARY KEY USING INDEX on columns that may hold nulls: every row is looked at while nobody can read or write',
  check: ({ kind, command, table }, facts) => {
    const constraint = kind === 'AT_AddConstraint' ? as('Constraint', command?.def) : undefined;
    if (constraint?.contype !== 'CONSTR_PRIMARY' || constraint.indexname === undefined || isFresh(facts, table)) return undefined;
    const columns = indexColumns(facts, constraint.indexname).filter((column) => !isProven(facts, table, column));
    if (columns.length === 0 && indexColumns(facts, constraint.indexname).length > 0) return undefined;
    return {
      problem: `Where a column of the key is not NOT NULL yet, every row of ${written(table)} is looked at, and nobody can read or write meanwhile.`,
      remedy: 'Fine if its columns are NOT NULL already. Otherwise refuse nulls first.',
      ...(columns.length > 0 && { rewrite: { [facts.phase]: columns.map((column) => notNullSteps(table, column)).join('\n') } }),
    };
  },
};

/** A constraint of its own index, which is built before. */
export function uniqueSteps(table: TableName, constraint: Constraint, columns: string[]): string {
  const name = quoted(constraintName(table, constraint, columns.length === 1 ? columns[0] : undefined));
  const including = wordsOf(constraint.including).map(quoted).join(', ');
  const rest = `${including === '' ? '' : ` INCLUDE (${including})`}${constraint.nulls_not_distinct === true ? ' NULLS NOT DISTINCT' : ''}`;
  return lines(
    `CREATE UNIQUE INDEX CONCURRENTLY ${name} ON ${written(table)} (${columns.map(quoted).join(', ')})${rest}`,
    `ALTER TABLE ${written(table)} ADD CONSTRAINT ${name} ${constraint.contype === 'CONSTR_PRIMARY' ? 'PRIMARY KEY' : 'UNIQUE'} USING INDEX ${name}`,
  );
}
