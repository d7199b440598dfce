import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { identify } from '../../adapters/process/identity.js';
import type { TemporalSource } from './source.js';
import { serverVersion } from './version.js';

/** Where a Temporal CLI that was downloaded or built stays, under the folder of the stack. */
export const cachedBinary = (home: string): string => path.join(home, 'bin', 'temporal');

/** What an earlier start downloaded or built. A file that does not run is left out, and overwritten by the next source. */
export const cached = (home: string): TemporalSource => ({
  name: 'the cache',
  async get(_tell, signal) {
    const file = cachedBinary(home);
    if (!existsSync(file)) return { missing: `nothing at ${file} yet` };
    try {
      await serverVersion(file, signal);
      return { path: file };
    } catch (error) {
      return { missing: `${file} cannot be used: ${(error as Error).message}` };
    }
  },
});

/**
 * Lets `fill` put a `temporal` into an empty folder of its own and moves it into the cache when it runs: whoever looks into the
 * cache meanwhile, another start included, finds a whole binary or none.
 */
export async function fillCache(home: string, fill: (folder: string) => Promise<string>): Promise<string> {
  await removeLeftWorkshops(home);
  const workshop = path.join(home, 'bin', `${workshopPrefix}${process.pid}`);
  await mkdir(workshop, { recursive: true });
  try {
    const made = await fill(workshop);
    await serverVersion(made);
    await rename(made, cachedBinary(home));
    return cachedBinary(home);
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}

const workshopPrefix = '.making-';

/** A start that was killed leaves up to 250 MB behind. */
async function removeLeftWorkshops(home: string): Promise<void> {
  const bin = path.join(home, 'bin');
  await mkdir(bin, { recursive: true });
  const workshops = (await readdir(bin)).filter((name) => name.startsWith(workshopPrefix));
  const left = await Promise.all(workshops.map(async (name) => ((await identify(Number(name.slice(workshopPrefix.length)))) === null ? [name] : [])));
  await Promise.all(left.flat().map((name) => rm(path.join(bin, name), { recursive: true, force: true })));
}
