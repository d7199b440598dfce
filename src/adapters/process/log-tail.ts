import { open } from 'node:fs/promises';

const keptBytes = 16 * 1024;
const keptLines = 12;
const keptCharacters = 300;

/**
 * The last lines that a region's processes wrote, for a failure's message. Values of secrets are replaced by their names: the message goes into
 * the history. Empty when there is no log.
 */
export async function lastLines(file: string, secrets: Record<string, string>): Promise<string[]> {
  const text = withoutSecrets(await endOf(file), secrets);
  return text.trimEnd().split('\n').slice(-keptLines).map((line) => line.slice(0, keptCharacters));
}

function withoutSecrets(text: string, secrets: Record<string, string>): string {
  return Object.entries(secrets)
    .filter(([, value]) => value !== '')
    .reduce((clean, [name, value]) => clean.replaceAll(value, `{{ ${name} }}`), text);
}

async function endOf(file: string): Promise<string> {
  const handle = await open(file).catch(missingAsNull);
  if (handle === null) return '';
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, keptBytes);
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('utf8');
  } finally {
    await handle.close();
  }
}

function missingAsNull(error: unknown): null {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
  throw error;
}
