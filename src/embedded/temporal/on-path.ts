import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import path from 'node:path';
import type { TemporalSource } from './source.js';
import { serverVersion } from './version.js';

/** `temporal` on the PATH of this shell. */
export const onPath = (searchPath: string | undefined): TemporalSource => ({
  name: 'the PATH',
  async get(_tell, signal) {
    const found = await findExecutable('temporal', searchPath);
    if (found === undefined) return { missing: 'no `temporal` there' };
    try {
      await serverVersion(found, signal);
      return { path: found };
    } catch (error) {
      return { missing: `${found} cannot be used: ${(error as Error).message}` };
    }
  },
});

/** The first executable file of that name in the folders of a PATH. */
export async function findExecutable(name: string, searchPath = ''): Promise<string | undefined> {
  for (const folder of searchPath.split(path.delimiter).filter(Boolean)) {
    const candidate = path.resolve(folder, name);
    if (await isExecutable(candidate)) return candidate;
  }
  return undefined;
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false; // Not there, or not ours to run: the shell passes it over too.
  }
}
