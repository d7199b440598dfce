import { readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

/** `native/pg-symlinks.json`: paths relative to the package; `target` is the link, `source` what it names. */
const Links = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * Makes the symbolic links between the libraries in the package. A package from npm holds none, and its install script, which would make
 * them, does not run where npm is told to run none.
 */
export async function mendLinks(packageFolder: string): Promise<void> {
  const list = await readFile(path.join(packageFolder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  await Promise.all(Links.parse(JSON.parse(list)).map(async ({ source, target }) => {
    await symlink(path.relative(path.dirname(target), source), path.join(packageFolder, target)).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    });
  }));
}
