import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { SetupFailure } from '../setup-failure.js';
import type { Cluster } from './cluster.js';

/**
 * Notes the port of a cluster the first time, and throws `SetupFailure` when it is asked for another one later: regions that run, and those that are
 * started again as they were, know the database by it.
 */
export async function expectSamePort({ folder }: Cluster, port: number, what: string): Promise<void> {
  const file = path.join(folder, 'port');
  const noted = await readFile(file, 'utf8').then(Number, () => undefined);
  if (noted === undefined) return await writeFile(file, String(port));
  if (noted === port) return;
  throw new SetupFailure(
    `The database of ${what} listened on another port before: on ${noted}, not on ${port}. Start with the MERIDIAN_SHOP_PORT of before, or with another MERIDIAN_HOME.`,
  );
}
