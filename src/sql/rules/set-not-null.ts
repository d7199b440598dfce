import { conjunctsOf } from '../conjuncts.js';
import { notNullSteps } from '../rewrites.js';
import { quoted } from '../quote.js';
import { isWrittenSame, written, type TableName } from '../tables.js';
import { as, wordsOf } from '../tree.js';
import type { Act } from '../acts/act.js';
import { constraintName } from '../acts/constraint-name.js';
import { isFresh } from './fresh.js';
import type { Facts, Rule } from './rule.js';

/** The column is proven to hold no null: PostgreSQL believes a CHECK that is validated, and looks at no row. */
export function isProven({ before }: Pick<Facts, 'before'>, table: TableName, column: string): boolean {
  const of = before.filter((act) => isWrittenSame(act.table, table));
  return of.some((act) => {
    const constraint = act.kind === 'AT_AddConstraint' ? as('Constraint', act.command?.def) : undefined;
    const checks = conjunctsOf(constraint?.raw_expr).some((each) => isNotNull(each, column));
    return constraint !== undefined && checks && validated(of, constraintName(table, constraint));
  });
}

const isNotNull = (condition: Parameters<typeof conjunctsOf>[0], column: string): boolean => {
  const test = as('NullTest', condition);
  return test?.nulltesttype === 'IS_NOT_NULL' && wordsOf(as('ColumnRef', test.arg)?.fields).at(-1) === column;
};

const validated = (acts: Act[], name: string): boolean => acts.some(({ kind, command }) => kind === 'AT_ValidateConstraint' && command?.name === name);

export const expandNotNull: Rule = {
  name: 'expand-not-null',
  severity: 'error',
  phases: ['expand.up'],
  about: 'SET NOT NULL in an expand: old code may still write nulls, and every row is looked at while nobody can read',
  check: ({ kind, command, table }, facts) => {
    if (kind !== 'AT_SetNotNull' || isFresh(facts, table)) return undefined;
    const column = command?.name ?? '';
    return {
      problem: `Code of before may still write nulls to ${quoted(column)}, and rows that are there are not filled yet: the expand runs before the backfill.`,
      remedy: 'Refuse nulls when nobody writes them any more.',
      rewrite: { 'contract.up': notNullSteps(table, column) },
    };
  },
};

export const provenNotNull: Rule = {
  name: 'proven-not-null',
  severity: 'warning',
  phases: ['expand.down', 'contract.up', 'contract.down'],
  about: 'SET NOT NULL without a validated CHECK before it: every row is looked at while nobody can read or write',
  check: ({ kind, command, table }, facts) => {
    const column = command?.name ?? '';
    if (kind !== 'AT_SetNotNull' || isFresh(facts, table) || isProven(facts, table, column)) return undefined;
    return {
      problem: `Every row of ${written(table)} is looked at, and nobody can read or write meanwhile (ACCESS EXCLUSIVE lock).`,
      remedy: 'Prove it first, while others work.',
      rewrite: { [facts.phase]: notNullSteps(table, column) },
    };
  },
};
