import { withoutComments } from '../comments.js';
import { boundColumn, boundIn, changeOf, walkedTable, type Change } from '../backfill.js';
import { conjunctsOf } from '../conjuncts.js';
import { pathOf } from '../phases.js';
import { quoted } from '../quote.js';
import { written } from '../tables.js';
import { as, everyOf, kindOf } from '../tree.js';
import { volatileFunctions } from '../volatile.js';
import type { ParsedStatement } from '../parse.js';
import { onPath, onStatement } from './at-whole.js';
import type { Found } from './rule.js';
import type { Whole, WholeRule } from './whole-rule.js';

type Backfill = NonNullable<Whole['migration']['backfill']>;
type Check = (change: Change, statement: ParsedStatement, backfill: Backfill) => Found | undefined;

/** A rule on the one statement of a backfill. */
function onChange(entry: Pick<WholeRule, 'name' | 'severity' | 'about'>, check: Check): WholeRule {
  return {
    ...entry,
    check: ({ texts, migration: { backfill } }) => {
      const [statement, ...others] = texts.find(({ phase }) => phase === 'backfill')?.statements ?? [];
      const change = statement && changeOf(statement.tree);
      if (statement === undefined || change === undefined || others.length > 0 || backfill === undefined) return [];
      const found = check(change, statement, backfill);
      return found === undefined ? [] : [onStatement(entry, 'backfill', 1, statement, found)];
    },
  };
}

export const oneChange: WholeRule = {
  name: 'one-change',
  severity: 'error',
  about: 'A backfill is exactly one UPDATE or INSERT … SELECT',
  check: ({ texts }) => texts.filter(({ phase }) => phase === 'backfill').flatMap(({ statements: [first, second] }) => {
    const remedy = 'Write one UPDATE … WHERE id BETWEEN $1 AND $2, or one INSERT … SELECT … WHERE id BETWEEN $1 AND $2 ON CONFLICT DO NOTHING. For a second table write a second migration.';
    if (first === undefined) return [onPath(oneChange, pathOf.backfill, { problem: 'The backfill has no statement.', remedy })];
    if (second !== undefined) return [onStatement(oneChange, 'backfill', 2, second, { problem: 'A backfill is one statement, run batch after batch.', remedy })];
    if (changeOf(first.tree) !== undefined) return [];
    return [onStatement(oneChange, 'backfill', 1, first, { problem: `A ${kindOf(first.tree).replace('Stmt', '').toUpperCase()} cannot be run batch after batch as it stands.`, remedy })];
  }),
};

export const batchBounds = onChange(
  { name: 'batch-bounds', severity: 'error', about: 'A backfill without `<key> BETWEEN $1 AND $2` among the conditions that must all hold: each batch would write every row' },
  (change, { sql, tree }, { key = 'id' }) => {
    if (boundColumn(change) !== undefined) return undefined;
    const update = as('UpdateStmt', tree);
    const clause = `${quoted(key)} BETWEEN $1 AND $2`;
    return {
      problem: 'Nothing bounds a batch: each one would write every row.',
      remedy: `Bound it by the key, as a condition that must hold besides all others: WHERE ${clause} AND (…).`,
      ...(update?.whereClause === undefined && update?.returningClause === undefined && update !== undefined && { rewrite: { backfill: `${withoutComments(sql)} WHERE ${clause};` } }),
    };
  },
);

export const batchKey = onChange(
  { name: 'batch-key', severity: 'error', about: 'The column that BETWEEN bounds is not the `key` that is walked' },
  (change, _statement, { key }) => {
    const column = boundColumn(change);
    if (key === undefined || column === undefined || column === key) return undefined;
    return { problem: `The batches are bounded by ${quoted(column)}, and the key that is walked is ${quoted(key)}.`, remedy: 'Bound them by the key.' };
  },
);

export const batchParameters = onChange(
  { name: 'batch-parameters', severity: 'error', about: 'A parameter besides $1 and $2, or one of the two a second time elsewhere' },
  ({ where }, { tree }) => {
    const bounds = conjunctsOf(where).filter((condition) => boundIn(condition) !== undefined);
    if (bounds.length === 0 || everyOf('ParamRef', tree).length === everyOf('ParamRef', bounds).length) return undefined;
    const other = everyOf('ParamRef', tree).find((found) => !everyOf('ParamRef', bounds).includes(found));
    return { problem: `$${other?.number ?? '?'} has no value there: $1 and $2 are the bounds of a batch.`, remedy: 'Write the value itself.', ...(other?.location !== undefined && { at: other.location }) };
  },
);

export const batchTable = onChange(
  { name: 'batch-table', severity: 'error', about: 'An INSERT without `table`, or a `table` that the statement does not name' },
  (change, _statement, backfill) => {
    if (walkedTable(backfill, change) !== undefined) return undefined;
    return backfill.table === undefined
      ? { problem: `Rows are inserted into ${written(change.target)}, but those of which table are walked?`, remedy: 'Say so by `table`: the one that the SELECT reads.' }
      : { problem: `The statement does not name the table ${quoted(backfill.table)}, whose keys are walked.`, remedy: 'Give the table that the statement bounds by BETWEEN.' };
  },
);

export const onConflict = onChange(
  { name: 'on-conflict', severity: 'error', about: 'A backfill by INSERT without ON CONFLICT: a batch that is repeated would fail, or write twice' },
  ({ kind }, { sql, tree }) => (kind !== 'insert' || as('InsertStmt', tree)?.onConflictClause !== undefined ? undefined : {
    problem: 'A batch may be run twice, after a crash: it would fail, or insert its rows a second time.',
    remedy: 'Let a row be there already; a unique key of the new table must tell it.',
    rewrite: { backfill: `${withoutComments(sql)} ON CONFLICT DO NOTHING;` },
  }),
);

export const plainChange = onChange(
  { name: 'plain-change', severity: 'error', about: 'A backfill with a WITH clause that writes, with SKIP LOCKED, LIMIT or OFFSET: it would leave rows out' },
  (_change, { tree }) => {
    const select = as('SelectStmt', as('InsertStmt', tree)?.selectStmt);
    const isPartial = select?.limitCount !== undefined || select?.limitOffset !== undefined || everyOf('LockingClause', tree).some(({ waitPolicy }) => waitPolicy === 'LockWaitSkip');
    const writes = everyOf('CommonTableExpr', tree).some(({ ctequery }) => kindOf(ctequery!) !== 'SelectStmt');
    if (!isPartial && !writes) return undefined;
    return { problem: isPartial ? 'Rows of a batch that it leaves out are never looked at again.' : 'What a WITH clause writes is not bounded by the batch.', remedy: 'Let each batch write all of its rows, and nothing else.' };
  },
);

export const repeatedWrites = onChange(
  { name: 'repeated-writes', severity: 'warning', about: 'A backfill by UPDATE with no condition besides the batch: writes again what `sync` or a batch before has written' },
  (change) => {
    if (change.kind !== 'update' || boundColumn(change) === undefined || conjunctsOf(change.where).length > 1) return undefined;
    const [column] = (as('UpdateStmt', change.tree)?.targetList ?? []).flatMap((node) => as('ResTarget', node)?.name ?? []);
    return {
      problem: 'A batch that is repeated writes every row again, also one that a release has written since.',
      remedy: `Leave out what is done: AND ${quoted(column ?? 'the column')} IS NULL.`,
    };
  },
);

export const volatileBackfill = onChange(
  { name: 'volatile-backfill', severity: 'warning', about: 'A backfill that calls a function which may answer anew: a batch that is repeated writes other values' },
  (change, { tree }) => {
    const [called] = volatileFunctions(tree);
    if (called === undefined || conjunctsOf(change.where).length > 1 || change.kind === 'insert') return undefined;
    return { problem: `${called}() may answer anew: a batch that is repeated gives rows other values.`, remedy: 'Write only rows that have none yet: add AND … IS NULL.' };
  },
);
