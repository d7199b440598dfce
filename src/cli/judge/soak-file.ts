import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { soakReader, type ReadSoak } from '../../judge/replay/read-soak.js';
import { UnreadableSoak } from '../../judge/replay/unreadable.js';

/** What a person is told of a file that cannot be replayed: `soak.jsonl:7: …`, or without the line where none is to blame. */
export class BadSoakFile extends Error {}

/** Of one line: a line break that never comes would fill the memory. */
const longestLine = 64 * 1024 * 1024;

/** Reads the soak in a file, line by line; `-` is standard input. Throws a `BadSoakFile`. */
export async function readSoakFile(file: string): Promise<ReadSoak> {
  const title = file === '-' ? 'standard input' : file;
  const reader = soakReader();
  try {
    for await (const line of linesOf(file === '-' ? process.stdin : createReadStream(file))) reader.line(line);
    return reader.end();
  } catch (error) {
    throw new BadSoakFile(explain(title, error as NodeJS.ErrnoException), { cause: error });
  }
}

async function* linesOf(stream: Readable): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of stream.setEncoding('utf8') as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    yield* lines;
    if (rest.length > longestLine) throw new RangeError('a line is longer than 64 MB');
  }
  yield rest;
}

function explain(title: string, error: NodeJS.ErrnoException): string {
  if (error instanceof UnreadableSoak) return `${title}:${error.line}: ${error.reason}`;
  return `${title} cannot be read: ${error.code === 'ENOENT' ? 'there is no such file' : error.message}`;
}
