import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import { isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import { Migration } from '../../rollout/schema/migration.js';
import { CommandRefused } from '../api-errors.js';
import type { LintSource, Spot } from './lint-sources.js';

type Path = (string | number)[];

/** One migration, a list of them, or a release that has some, in a file of YAML or JSON; `-` is standard input. */
export async function migrationsOfDocument(file: string): Promise<LintSource[]> {
  const title = file === '-' ? 'standard input' : file;
  const text = await (file === '-' ? textOf(process.stdin) : readFile(file, 'utf8'));
  const lines = new LineCounter();
  const document = parseDocument(text, { schema: 'core', stringKeys: true, prettyErrors: false, lineCounter: lines });
  const at = (offset: number): string => `${title}:${lines.linePos(offset).line}:${lines.linePos(offset).col}`;
  if (document.errors.length > 0) throw new CommandRefused(document.errors.map((error) => `${at(error.pos[0])}: ${error.message}`).join('\n'));
  return entriesOf(document.toJS({ maxAliasCount: 50 })).map(({ value, path }) => {
    const { data, error } = Migration.safeParse(value);
    if (data !== undefined) return { migration: data, place: (spot) => placeOf(document, lines, path, spot, title) };
    throw new CommandRefused(error.issues.map((issue) => `${at(offsetOf(document, [...path, ...(issue.path as Path)]))}: ${issue.message} (${issue.path.join('.') || 'migration'}).`).join('\n'));
  });
}

/** A release names what the pipeline knows already: of these there is nothing to read. */
function entriesOf(value: unknown): { value: unknown; path: Path }[] {
  const release = value as { migrations?: unknown } | null;
  if (Array.isArray(value)) return value.map((each: unknown, index) => ({ value: each, path: [index] }));
  if (!Array.isArray(release?.migrations)) return [{ value, path: [] }];
  return release.migrations.flatMap((each: unknown, index) => (typeof each === 'string' ? [] : [{ value: each, path: ['migrations', index] }]));
}

function offsetOf(document: Document, path: Path): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

/** In a text that is written over lines of its own, the very line; otherwise where the text begins. */
function placeOf(document: Document, lines: LineCounter, base: Path, { path, line, column }: Spot, title: string): string {
  const inside = path.split('/').slice(1).map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~')).map((key) => (/^\d+$/.test(key) ? Number(key) : key));
  const node = document.getIn([...base, ...inside], true);
  const { line: from, col } = lines.linePos(offsetOf(document, [...base, ...inside]));
  if (isScalar(node) && node.type === 'BLOCK_LITERAL') return `${title}:${from + line}`;
  return isScalar(node) && node.type === 'PLAIN' && line === 1 ? `${title}:${from}:${col + column - 1}` : `${title}:${from}:${col}`;
}
