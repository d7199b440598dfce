import { scanSync, type ScanToken } from 'libpg-query';
import type { Act } from './acts/act.js';
import { withoutComments } from './comments.js';
import type { ParsedStatement } from './parse.js';
import { bytesOf } from './position.js';
import { as } from './tree.js';

/** The words of a text without its comments. */
const tokensOf = (sql: string): ScanToken[] => scanSync(sql).tokens.filter(({ tokenName }) => !tokenName.endsWith('COMMENT'));

/** By statement: one ALTER TABLE may have many commands. */
const commands = new WeakMap<ParsedStatement, ScanToken[][]>();

/** A text with words put in after its first `count` words. */
export function withWords(sql: string, count: number, words: string): string {
  const token = tokensOf(sql)[count - 1];
  return token === undefined ? sql : `${bytesOf(sql, 0, token.end)} ${words}${bytesOf(sql, token.end)}`;
}

/** How many words come before the first one that is none of these. */
export const countOf = (sql: string, words: readonly string[]): number =>
  tokensOf(sql).findIndex(({ text }) => !words.includes(text.toLowerCase()));

/** One command of an ALTER TABLE as it is written: `ADD COLUMN email text`. */
export const commandText = (act: Act): string => {
  const { from, end } = commandRange(act);
  return withoutComments(bytesOf(act.statement.text, from, end));
};

/** Where the command begins and ends, in bytes of the text. */
export function commandRange({ statement, order }: Act): { from: number; end: number } {
  const { sql, start } = statement;
  const found = commands.get(statement) ?? commandsOf(statement);
  commands.set(statement, found);
  const [first, last] = [found[order]?.at(0), found[order]?.at(-1)];
  return { from: start + (first?.start ?? 0), end: start + (last?.end ?? Buffer.byteLength(sql)) };
}

function commandsOf({ sql, start, tree }: ParsedStatement): ScanToken[][] {
  const relation = as('AlterTableStmt', tree)?.relation?.location ?? start;
  const tokens = tokensOf(sql);
  const name = tokens.findIndex((token) => token.start >= relation - start);
  return separated(tokens.slice(afterName(tokens, name)));
}

function afterName(tokens: ScanToken[], name: number): number {
  let next = name + 1;
  while (tokens[next]?.text === '.') next += 2;
  return tokens[next]?.text === '*' ? next + 1 : next;
}

/** At the commas that stand in no bracket. */
function separated(tokens: ScanToken[]): ScanToken[][] {
  const parts: ScanToken[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.text === '(' || token.text === '[') depth += 1;
    if (token.text === ')' || token.text === ']') depth -= 1;
    if (token.text === ',' && depth === 0) parts.push([]);
    else parts.at(-1)!.push(token);
  }
  return parts;
}

/** A part of the text, from one place in its bytes to another or to the end of the statement. */
export const slice = ({ statement }: Act, from: number, to = statement.end): string => withoutComments(bytesOf(statement.text, from, to).trim());
