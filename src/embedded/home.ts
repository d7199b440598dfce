import { mkdir, mkdtemp, realpath, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { SetupFailure } from './setup-failure.js';

/** Makes the folder of the stack, shows that it can be written to, and answers its real path. Throws `SetupFailure`. */
export async function prepareHome(home: string): Promise<string> {
  try {
    await makeFolder(home);
    await rmdir(await mkdtemp(path.join(home, '.probe-')));
    return await realpath(home);
  } catch (error) {
    throw new SetupFailure(
      `The folder ${home} cannot be used (${(error as Error).message}). Make it a folder that you can write to, or name another one with MERIDIAN_HOME.`,
      { cause: error },
    );
  }
}

/**
 * The folder and those above it. Node's own `recursive` never ends where a file system refuses new folders with ENOENT, as /proc does:
 * it takes that for a missing parent, for ever.
 */
async function makeFolder(folder: string): Promise<void> {
  const parent = path.dirname(folder);
  if (parent !== folder) await stat(parent).catch(() => makeFolder(parent));
  await mkdir(folder).catch(async (error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !(await stat(folder)).isDirectory()) throw error;
  });
}
