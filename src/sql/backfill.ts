import type { Node } from 'libpg-query';
import type { Backfill } from '../rollout/schema/migration.js';
import { conjunctsOf } from './conjuncts.js';
import { parseSql, type ParsedStatement } from './parse.js';
import { isSame, tableOf, tablesIn, type TableName } from './tables.js';
import { as, wordsOf } from './tree.js';

/** The table whose keys a backfill walks, and the column that it bounds. Throws `SqlSyntaxError`; `RangeError` when it cannot be walked. */
export async function parseBackfill(backfill: Backfill): Promise<TableName & { table: string; column: string }> {
  const [statement, ...others] = await parseSql(backfill.sql);
  const change = statement && changeOf(statement.tree);
  if (change === undefined || others.length > 0) throw new RangeError('a backfill is one UPDATE, or one INSERT … SELECT');
  const found = walkedTable(backfill, change);
  if (found === undefined) throw new RangeError('the statement does not name the table that the backfill walks: give `table`');
  const column = boundColumn(change);
  if (column === undefined) throw new RangeError('the statement has no `<key> between $1 and $2` in its WHERE');
  return { ...found, table: found.name, column };
}

/** An UPDATE, or an INSERT of what a SELECT finds. */
export interface Change {
  kind: 'update' | 'insert';
  /** Whose rows it writes. */
  target: TableName;
  where: Node | undefined;
  tree: Node;
}

export function changeOf(tree: ParsedStatement['tree']): Change | undefined {
  const update = as('UpdateStmt', tree);
  if (update !== undefined) return { kind: 'update', target: tableOf(update.relation), where: update.whereClause, tree };
  const insert = as('InsertStmt', tree);
  const select = as('SelectStmt', insert?.selectStmt);
  if (insert === undefined || select?.fromClause === undefined) return undefined;
  return { kind: 'insert', target: tableOf(insert.relation), where: select.whereClause, tree };
}

/** With the schema that the statement gives it. An INSERT does not say by itself which table is walked. */
export function walkedTable({ table }: Pick<Backfill, 'table'>, { kind, target, tree }: Change): TableName | undefined {
  if (table === undefined) return kind === 'update' ? target : undefined;
  return tablesIn(tree).find((named) => isSame(named, { name: table }));
}

/** The column in `<column> between $1 and $2`, which must bound every row that is changed. */
export const boundColumn = ({ where }: Change): string | undefined => conjunctsOf(where).map(boundIn).find((column) => column !== undefined);

/** The column, when a condition is that of the batch. */
export function boundIn(condition: Node): string | undefined {
  const between = as('A_Expr', condition);
  if (between?.kind !== 'AEXPR_BETWEEN') return undefined;
  const [low, high] = (as('List', between.rexpr)?.items ?? []).map(parameterOf);
  return low === 1 && high === 2 ? wordsOf(as('ColumnRef', between.lexpr)?.fields).at(-1) : undefined;
}

const parameterOf = (node: Node): number | undefined =>
  as('ParamRef', node)?.number ?? as('ParamRef', as('TypeCast', node)?.arg)?.number;
