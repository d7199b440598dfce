import { isScalar, Lexer, LineCounter, parseDocument, visit, type Document } from 'yaml';

/** Block levels that are open at once, with some room: an honest document has a third of it. */
const maxLevels = 64;
const maxAliases = 100;

/**
 * Reads YAML 1.2, core schema: no custom tags, no dates, no merge keys, few aliases. A warning is an error: what is read differently
 * from what it looks like is refused. Throws an Error whose message says what is wrong, and where.
 */
export function parseYaml(text: string): unknown {
  assertModest(text);
  const lines = new LineCounter();
  // yaml's own pretty errors and check for unique keys take quadratic time: seconds for a body made for it.
  const document = parseDocument(text, {
    schema: 'core', version: '1.2', stringKeys: true, logLevel: 'silent', prettyErrors: false, uniqueKeys: false, lineCounter: lines,
  });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) throw new Error(`${problem.message.slice(0, 200)}${whereIs(lines, problem.pos[0])}`, { cause: problem });
  assertUniqueKeys(document, lines);
  return document.toJS({ maxAliasCount: 50 });
}

function assertUniqueKeys(document: Document.Parsed, lines: LineCounter): void {
  visit(document, {
    Map(_, map) {
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) throw new Error(`the key ${JSON.stringify(key.value)} stands twice${whereIs(lines, key.range?.[0] ?? 0)}`);
        seen.add(key.value);
      }
    },
  });
}

function whereIs(lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return ` at line ${line}, column ${col}`;
}

/**
 * Bounds the nesting before the text is composed: the composer is recursive, and where the stack ends inside a regular expression V8
 * ends the whole process, past every catch. The lexer does not recurse. Columns stand for block levels: each line and each indicator
 * opens one, and the next line closes those that are not to the left of it. That is never less than half of the levels there are.
 */
function assertModest(text: string): void {
  let columns: number[] = [];
  let flowLevel = 0;
  let aliases = 0;
  let column = 0;
  let isLineStart = true;
  for (const { token, isScalar } of structure(text)) {
    if (isLineStart && !isBlank(token)) {
      columns = [...columns.filter((each) => each < column), column];
      isLineStart = false;
    }
    if (!isScalar) {
      if (opening.has(token)) flowLevel += 1;
      else if (closing.has(token)) flowLevel = Math.max(0, flowLevel - 1);
      else if (flowLevel === 0 && indicators.has(token)) columns.push(column + 1);
      else if (token.startsWith('*')) aliases += 1;
    }
    if (columns.length + flowLevel > maxLevels) throw new Error(`it is nested deeper than ${maxLevels} levels`);
    if (aliases > maxAliases) throw new Error(`it has more than ${maxAliases} aliases`);
    isLineStart = token.endsWith('\n');
    column = isLineStart ? 0 : column + token.length;
  }
}

const opening = new Set(['[', '{']);
const closing = new Set([']', '}']);
const indicators = new Set(['-', '?', ':']);

const isBlank = (token: string): boolean => /^[ \t\r\n]+$/.test(token);

/** Control characters that the lexer puts between tokens; the last of them announces a scalar. */
const marks = new Set(['\uFEFF', '\u0002', '\u0018', '\u001f', '']);
const scalarMark = '\u001f';

function* structure(text: string): Generator<{ token: string; isScalar: boolean }> {
  let before = '';
  for (const token of new Lexer().lex(text)) {
    if (!marks.has(token)) yield { token, isScalar: before === scalarMark };
    before = token;
  }
}
