import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Writes a shell script that can be run, and answers its path. */
export async function executable(folder: string, name: string, script: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, name);
  await writeFile(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return file;
}

/** What a Temporal CLI answers to --version. */
export const versionScript = (server = '1.29.1'): string => `echo "temporal version 1.5.1 (Server ${server}, UI 2.42.1)"`;
