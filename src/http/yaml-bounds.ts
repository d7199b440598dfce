import { Lexer, Parser, type CST, type LineCounter } from 'yaml';

/** Levels that are open at once: an honest document has a dozen. */
const maxLevels = 64;
/** Each alias searches the document for its anchor. */
const maxAliases = 100;

/** What the lexer puts before the text of a plain or block scalar. */
const scalarMark = '\u001f';

/**
 * The syntax tree of a YAML text, for the composer; refused where it would cost too much to compose. The composer is recursive, and
 * where the stack ends inside a regular expression V8 ends the whole process, past every catch. The parser keeps a stack of its own,
 * which says how deep the composer would go. Throws an Error that says what there is too much of.
 */
export function* boundedSyntax(text: string, lines: LineCounter): Generator<CST.Token> {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  let aliases = 0;
  let before = '';
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    if (parser.stack.length > maxLevels) throw new Error(`it is nested deeper than ${maxLevels} levels`);
    if (lexeme.startsWith('*') && before !== scalarMark) aliases += 1;
    if (aliases > maxAliases) throw new Error(`it has more than ${maxAliases} aliases`);
    before = lexeme;
  }
  yield* parser.end();
}
