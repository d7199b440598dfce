import { Composer, isScalar, LineCounter, visit, type Document } from 'yaml';
import { boundedSyntax } from './yaml-bounds.js';

/**
 * Reads YAML 1.2, core schema: no custom tags, no dates, no merge keys, few aliases. A warning is an error: what is read differently
 * from what it looks like is refused. Throws an Error whose message says what is wrong, and where.
 */
export function parseYaml(text: string): unknown {
  const lines = new LineCounter();
  // yaml's own pretty errors and check for unique keys take quadratic time: seconds for a body made for it.
  const composer = new Composer({ schema: 'core', version: '1.2', stringKeys: true, prettyErrors: false, uniqueKeys: false });
  const [document, second] = [...composer.compose(boundedSyntax(text, lines), true, text.length)];
  if (document === undefined) return null;
  if (second !== undefined) throw new Error(`it holds a second document${whereIs(lines, second.range[0])}; send one`);
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) throw new Error(`${problem.message.slice(0, 200)}${whereIs(lines, problem.pos[0])}`, { cause: problem });
  assertUniqueKeys(document, lines);
  return document.toJS({ maxAliasCount: 50 });
}

function assertUniqueKeys(document: Document, lines: LineCounter): void {
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
