import { as, kindOf } from './tree.js';
import { tableOf, tableOfWords, type TableName } from './tables.js';
import { parseSql, type ParsedStatement } from './parse.js';

export { SqlSyntaxError } from './syntax-error.js';

/** One statement, as it is run. */
export interface Statement {
  /** Without its semicolon. */
  sql: string;
  /** Of its first character in the text, from 1. */
  line: number;
  column: number;
  /** `alone`: PostgreSQL runs it outside a transaction only. */
  mode: 'transaction' | 'alone';
  /** It takes as long as the table is large while others go on: it has no time-out of its own. */
  isLong: boolean;
  /** What `CREATE INDEX CONCURRENTLY` or `DROP INDEX CONCURRENTLY` is about: to be looked up in the catalogue. */
  index?: TableName & { drop: boolean };
}

/** The statements of a text, in order. Throws `SqlSyntaxError`. */
export const splitStatements = async (sql: string): Promise<Statement[]> => (await parseSql(sql)).map(statementOf);

/** How one statement is run. */
function statementOf({ sql, line, column, tree }: ParsedStatement): Statement {
  const index = concurrentIndexOf(tree);
  const alone = index !== undefined || isAlone(tree);
  return { sql, line, column, mode: alone ? 'alone' : 'transaction', isLong: alone || isPatient(tree), ...(index && { index }) };
}

function concurrentIndexOf(tree: ParsedStatement['tree']): Statement['index'] {
  const created = as('IndexStmt', tree);
  if (created?.concurrent === true && created.idxname !== undefined) {
    return { ...tableOf(created.relation), name: created.idxname, drop: false };
  }
  const dropped = as('DropStmt', tree);
  if (dropped?.concurrent !== true || dropped.removeType !== 'OBJECT_INDEX') return undefined;
  return { ...tableOfWords(as('List', dropped.objects?.[0])?.items), drop: true };
}

/** The rest of what PostgreSQL refuses inside a transaction; the linter refuses most of it anywhere. */
const isAlone = (tree: ParsedStatement['tree']): boolean =>
  as('IndexStmt', tree)?.concurrent === true
  || as('VacuumStmt', tree)?.is_vacuumcmd === true
  || (as('ReindexStmt', tree)?.params ?? []).some((option) => as('DefElem', option)?.defname === 'concurrently')
  || commandsOf(tree).some(({ def }) => as('PartitionCmd', def)?.concurrent === true);

/** Validating a constraint and filling a materialized view let others read and write meanwhile; what a contract's undo writes must be written whole. */
const isPatient = (tree: ParsedStatement['tree']): boolean =>
  as('RefreshMatViewStmt', tree)?.concurrent === true || ['UpdateStmt', 'InsertStmt', 'DeleteStmt', 'MergeStmt'].includes(kindOf(tree)) || commandsOf(tree).some(({ subtype }) => subtype === 'AT_ValidateConstraint');

const commandsOf = (tree: ParsedStatement['tree']) =>
  (as('AlterTableStmt', tree)?.cmds ?? []).flatMap((node) => as('AlterTableCmd', node) ?? []);
