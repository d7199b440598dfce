import { Lexer } from 'yaml';

/** Levels that are open at once, with some room: an honest document has a third of it. */
const maxLevels = 64;
/** Each alias searches the document for its anchor. */
const maxAliases = 100;

/**
 * Refuses what would cost too much to compose. The composer is recursive, and where the stack ends inside a regular expression V8 ends
 * the whole process, past every catch; the lexer does not recurse. Throws an Error that says what there is too much of.
 */
export function assertModest(text: string): void {
  const levels = new Levels();
  let aliases = 0;
  for (const { token, isScalar } of tokensOf(text)) {
    if (levels.after(token, isScalar) > maxLevels) throw new Error(`it is nested deeper than ${maxLevels} levels`);
    if (!isScalar && token.startsWith('*')) aliases += 1;
    if (aliases > maxAliases) throw new Error(`it has more than ${maxAliases} aliases`);
  }
}

/**
 * Counts the levels that are open, from tokens alone. Columns stand for block levels: each line and each indicator opens one, and the
 * next line closes those that are not to the left of it. That is never less than half of the levels that the composer will see.
 */
class Levels {
  private columns: number[] = [];
  private flow = 0;
  private column = 0;
  private isLineStart = true;

  /** How many levels are open after one more token. */
  after(token: string, isScalar: boolean): number {
    if (this.isLineStart && !isBlank(token)) this.beginLine();
    if (!isScalar) this.takeSign(token);
    this.column += token.length;
    if (token.endsWith('\n')) this.endLine();
    return this.columns.length + this.flow;
  }

  private endLine(): void {
    this.column = 0;
    this.isLineStart = true;
  }

  private beginLine(): void {
    this.columns = [...this.columns.filter((each) => each < this.column), this.column];
    this.isLineStart = false;
  }

  private takeSign(token: string): void {
    if (opening.has(token)) this.flow += 1;
    else if (closing.has(token)) this.flow = Math.max(0, this.flow - 1);
    else if (this.flow === 0 && indicators.has(token)) this.columns.push(this.column + 1);
  }
}

const opening = new Set(['[', '{']);
const closing = new Set([']', '}']);
const indicators = new Set(['-', '?', ':']);

const isBlank = (token: string): boolean => /^[ \t\r\n]+$/.test(token);

/** What the lexer puts between tokens: it stands for no text. The last one announces a scalar. */
const marks = new Set(['\uFEFF', '\u0002', '\u0018', '\u001f', '']);
const scalarMark = '\u001f';

function* tokensOf(text: string): Generator<{ token: string; isScalar: boolean }> {
  let before = '';
  for (const token of new Lexer().lex(text)) {
    if (!marks.has(token)) yield { token, isScalar: before === scalarMark };
    before = token;
  }
}
