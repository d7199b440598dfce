import type { Node, SelectStmt } from 'libpg-query';
import { parseLoaded } from './parse.js';
import { as } from './tree.js';
import { SqlSyntaxError } from './syntax-error.js';

/** One scalar expression, or why a text is none. The text stands on lines of its own, so that a comment in it ends with it. */
export function parseExpression(sql: string): Node | SqlSyntaxError {
  try {
    const statements = parseLoaded(`SELECT (\n${sql}\n)`);
    const value = statements.length === 1 ? soleValue(as('SelectStmt', statements[0]?.tree)) : undefined;
    return value ?? new SqlSyntaxError('it is not one expression', { line: 1, column: 1 });
  } catch (error) {
    if (!(error instanceof SqlSyntaxError)) throw error;
    return new SqlSyntaxError(error.message, { line: Math.max(1, error.line - 1), column: error.column });
  }
}

/** What the parser writes into any SELECT. */
const always = ['targetList', 'limitOption', 'op'];

/** The value of a SELECT that has one, and nothing else: a bracket in the text may have closed ours. */
function soleValue(select: SelectStmt | undefined): Node | undefined {
  const [target, ...targets] = select?.targetList ?? [];
  const isPlain = select?.op === 'SETOP_NONE' && Object.keys(select).every((key) => always.includes(key));
  const { val, name } = as('ResTarget', target) ?? {};
  return isPlain && targets.length === 0 && name === undefined && as('RowExpr', val) === undefined ? val : undefined;
}
