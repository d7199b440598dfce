import type { RangeVar } from 'libpg-query';
import { withoutComments } from '../comments.js';
import type { Act } from '../acts/act.js';
import { tableOf, written, type TableName } from '../tables.js';
import { as, everyOf, kindOf } from '../tree.js';
import { isFresh } from './fresh.js';
import type { Rule } from './rule.js';

/** The table whose rows a statement writes, wherever in it that stands; undefined for one that writes none. */
export function rowsOf({ command, statement: { tree } }: Act): TableName | undefined {
  if (command !== undefined) return undefined;
  const changes: { relation?: RangeVar }[] = [...everyOf('UpdateStmt', tree), ...everyOf('DeleteStmt', tree), ...everyOf('InsertStmt', tree), ...everyOf('MergeStmt', tree)];
  return kindOf(tree).startsWith('Create') || changes[0] === undefined ? undefined : tableOf(changes[0].relation);
}

/** A few rows for a table that is new. */
const isSeed = ({ statement: { tree } }: Act): boolean => as('SelectStmt', as('InsertStmt', tree)?.selectStmt)?.valuesLists !== undefined;

export const rows: Rule = {
  name: 'rows',
  severity: 'error',
  phases: ['expand.up', 'expand.down', 'contract.up'],
  about: 'UPDATE, DELETE, INSERT or MERGE on a table that may hold rows: belongs into the backfill, in batches',
  check: (act, facts) => {
    const table = rowsOf(act);
    if (table === undefined || (isSeed(act) && isFresh(facts, table))) return undefined;
    return {
      problem: `Rows of ${written(table)} stay locked until all are written, and replicas fall behind.`,
      remedy: 'Write the rows in the backfill: batch after batch, with pauses, going on where it was.',
      ...(facts.phase !== 'expand.down' && { rewrite: rewriteOf(act) }),
    };
  },
};

const rewriteOf = ({ statement: { sql, tree } }: Act) => {
  const update = as('UpdateStmt', tree);
  const isOpen = update?.withClause === undefined && update?.returningClause === undefined && as('BoolExpr', update?.whereClause)?.boolop !== 'OR_EXPR';
  if (update === undefined || !isOpen) return {};
  return { backfill: `${withoutComments(sql)}${update.whereClause === undefined ? ' WHERE' : ' AND'} id BETWEEN $1 AND $2;` };
};

export const rowsPutBack: Rule = {
  name: 'rows-put-back',
  severity: 'warning',
  phases: ['contract.down'],
  about: 'UPDATE, DELETE, INSERT or MERGE in contract.down: in one transaction; what `sync` makes comes back without it, in batches',
  check: (act, { migration: { sync = [] } }) => {
    const table = rowsOf(act);
    const isSynced = sync.some((each) => each.table === table?.name);
    return table && { problem: `Rows of ${written(table)} stay locked until all are written: in the middle of an undo.`, remedy: isSynced ? leaveOut : giveSync };
  },
};

const leaveOut = 'Leave it out: as soon as the columns are there, and before the next statement, each row is made by the expressions of `sync`, in batches.';
const giveSync = 'Fine for a small table. For columns of a large one give `sync`, by which rows are put back in batches; or let the contract be one-way.';
