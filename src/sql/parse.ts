import { hasSqlDetails, loadModule, parseSync, type Node, type RawStmt } from 'libpg-query';
import { limits } from '../rollout/limits.js';
import { isTooDeep } from './nesting.js';
import { bytesOf, positionOfByte, positionOfCharacter, type Position } from './position.js';
import { SqlSyntaxError } from './syntax-error.js';

/** One statement of a text. */
export interface ParsedStatement extends Position {
  /** Without its semicolon and what stands before it. */
  sql: string;
  tree: Node;
  /** The whole text, and where in its bytes the statement begins and ends: places in the tree count from the text's first byte. */
  text: string;
  start: number;
  end: number;
}

const beginning: Position = { line: 1, column: 1 };

/** The statements of a text, by PostgreSQL's own parser. Throws `SqlSyntaxError`. */
export async function parseSql(sql: string): Promise<ParsedStatement[]> {
  await loadModule();
  return parseLoaded(sql);
}

/** The same, once the parser is there. */
export function parseLoaded(sql: string): ParsedStatement[] {
  refuseUnreadable(sql);
  if (sql.trim() === '') return [];
  return treesOf(sql).flatMap((raw) => (raw.stmt === undefined ? [] : [statementOf(sql, raw, raw.stmt)]));
}

export function canBeRead(sql: string): boolean {
  try {
    parseLoaded(sql);
    return true;
  } catch (error) {
    if (error instanceof SqlSyntaxError) return false;
    throw error;
  }
}

function refuseUnreadable(sql: string): void {
  if (sql.length > limits.migrationBytes) throw new SqlSyntaxError(`longer than ${limits.migrationBytes.toLocaleString('en')} characters`, beginning);
  const zero = sql.indexOf('\0');
  // To the parser the text would end here.
  if (zero !== -1) throw new SqlSyntaxError('a zero byte', positionOfByte(sql.slice(0, zero), Infinity));
  if (isTooDeep(sql)) throw new SqlSyntaxError('nested too deeply', beginning);
}

function treesOf(sql: string): RawStmt[] {
  try {
    return parseSync(sql).stmts ?? [];
  } catch (error) {
    const details = hasSqlDetails(error) ? error.sqlDetails : undefined;
    throw new SqlSyntaxError(details?.message ?? 'the parser cannot read it', positionOfCharacter(sql, details?.cursorPosition ?? 0));
  }
}

function statementOf(text: string, { stmt_location: start = 0, stmt_len: length }: RawStmt, tree: Node): ParsedStatement {
  const sql = bytesOf(text, start, length === undefined ? undefined : start + length).trim();
  return { sql, tree, text, start, end: start + Buffer.byteLength(sql), ...positionOfByte(text, start) };
}
