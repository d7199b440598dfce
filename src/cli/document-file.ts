import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import { isNode, LineCounter, parseDocument, type Document } from 'yaml';
import { ApiProblem, CommandRefused } from './api-errors.js';

/** A YAML or JSON document as it stands in a file. */
export interface DocumentFile {
  text: string;
  /** The value of its key `name`. */
  name: string;
  /** `pipeline.yaml:12:5`, where a JSON pointer points, or where the nearest thing around it begins. */
  locate: (pointer: string) => string;
}

/** Reads a document that has a name; `-` is standard input. Throws CommandRefused with the place of each mistake in its syntax. */
export async function readDocumentFile(file: string): Promise<DocumentFile> {
  const title = file === '-' ? 'standard input' : file;
  const text = await (file === '-' ? textOf(process.stdin) : readFile(file, 'utf8')).catch((error: unknown) => {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CommandRefused(`${title} cannot be read: ${code === 'ENOENT' ? 'there is no such file' : message}.`);
  });
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number): string => `${title}:${lines.linePos(offset).line}:${lines.linePos(offset).col}`;
  if (document.errors.length > 0) {
    throw new CommandRefused(document.errors.map((error) => `${place(error.pos[0])}: ${error.message}`).join('\n'));
  }
  const name = document.get('name');
  if (typeof name !== 'string') throw new CommandRefused(`${title} has no name: a pipeline document begins with apiVersion, kind and name.`);
  return { text, name, locate: (pointer) => place(offsetOf(document, pointer)) };
}

/** The same problem with the place in the file before each pointer. */
export const locateErrors = ({ status, problem }: ApiProblem, { locate }: DocumentFile): ApiProblem =>
  new ApiProblem(status, {
    ...problem,
    errors: problem.errors.map((error) => ({ ...error, pointer: `${locate(error.pointer)} ${error.pointer}`.trimEnd() })),
  });

function offsetOf(document: Document, pointer: string): number {
  const path = pointer.replace(/^#?\/?/, '').split('/').map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'));
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}
