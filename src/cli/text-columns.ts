import { stripVTControlCharacters } from 'node:util';
import sliceAnsi from 'slice-ansi';
import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

/** Widths here are columns of a terminal: colours take none, wide characters two. */

/** Text from elsewhere on one line, without the control characters and direction marks that could rewrite the terminal. */
export const printable = (text: string): string =>
  stripVTControlCharacters(text).replace(/\s*[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+\s*/gu, ' ').trim();

/** At most `width` columns, with … where something is missing. */
export const cut = (text: string, width: number): string => (stringWidth(text) <= width ? text : `${sliceAnsi(text, 0, Math.max(0, width - 1))}…`);

export const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - stringWidth(text)));

/** Prose in lines of at most `width` columns, each of them indented. */
export function wrap(text: string, width: number, indent = ''): string[] {
  const room = Math.max(10, width - stringWidth(indent));
  return wrapAnsi(printable(text), room, { hard: true }).split('\n').map((line) => `${indent}${line}`.trimEnd());
}

/** Columns that stand below each other, two spaces apart; the last one of each row is as long as it is. Rows may be short. */
export function alignColumns(rows: string[][]): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, at) => Math.max(0, ...rows.map((row) => (at < row.length - 1 ? stringWidth(row[at]!) : 0))));
  return rows.map((row) => row.map((cell, at) => (at === row.length - 1 ? cell : pad(cell, widths[at]!))).join('  ').trimEnd());
}

/** Text behind a label; further lines stand below its beginning, where there is room for that. */
export function hanging(label: string, text: string, width: number): string[] {
  const indent = ' '.repeat(Math.min(stringWidth(label), Math.max(0, width - 20)));
  const [first = '', ...rest] = wrap(text, width, indent);
  return [`${label}${first.trimStart()}`, ...rest];
}
