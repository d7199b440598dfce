import type { Constraint } from 'libpg-query';
import { constrainedColumns } from '../acts/added.js';
import { quoted } from '../quote.js';
import { tableOf, written } from '../tables.js';
import { as } from '../tree.js';
import type { Act } from '../acts/act.js';
import { isFresh, ownColumns } from './fresh.js';
import type { Rule } from './rule.js';

/** Columns that must obey from now on, and the rule in a word. */
function demands({ kind, command, statement }: Act): { columns: string[]; what: string } | undefined {
  const constraint = kind === 'AT_AddConstraint' ? as('Constraint', command?.def) : undefined;
  const words: Partial<Record<NonNullable<Constraint['contype']>, string>> = {
    CONSTR_CHECK: 'fails the check', CONSTR_FOREIGN: 'refers to nothing', CONSTR_UNIQUE: 'is there twice', CONSTR_NOTNULL: 'is null',
  };
  const what = words[constraint?.contype ?? 'CONSTR_NULL'];
  if (constraint !== undefined && what !== undefined && constraint.indexname === undefined) return { columns: constrainedColumns(constraint), what };
  const index = as('IndexStmt', statement.tree);
  if (index?.unique !== true) return undefined;
  return { columns: (index.indexParams ?? []).flatMap((node) => as('IndexElem', node)?.name ?? []), what: 'is there twice' };
}

export const stricter: Rule = {
  name: 'stricter',
  severity: 'warning',
  phases: ['expand.up'],
  about: 'A new constraint or unique index on columns that code of before writes: what it writes may be refused',
  check: (act, facts) => {
    const demand = demands(act);
    const table = act.table.name === '' ? tableOf(as('IndexStmt', act.statement.tree)?.relation) : act.table;
    if (demand === undefined || isFresh(facts, table)) return undefined;
    const own = ownColumns(facts, table);
    const old = demand.columns.filter((column) => !own.includes(column));
    if (demand.columns.length > 0 && old.length === 0) return undefined;
    return {
      problem: `Code of before writes ${old.length === 0 ? written(table) : old.map(quoted).join(', ')} too: from now on a value that ${demand.what} is refused.`,
      remedy: 'Fine if code of before never writes such a value. Otherwise let contract.up demand it.',
    };
  },
};
