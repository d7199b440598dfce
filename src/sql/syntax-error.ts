import type { Position } from './position.js';

/** The text is not SQL, or more than the parser may be asked. `line` and `column` count from 1, in the very text. */
export class SqlSyntaxError extends Error {
  override readonly name = 'SqlSyntaxError';
  readonly line: number;
  readonly column: number;

  constructor(message: string, { line, column }: Position) {
    super(message);
    this.line = line;
    this.column = column;
  }
}
