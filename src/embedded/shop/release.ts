import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { digestOfFolder } from '../../adapters/folder-artifact.js';
import { readMigrations } from '../../adapters/migrations-folder.js';
import type { SentRelease } from '../../rollout/schema/release.js';
import { SetupFailure } from '../setup-failure.js';
import { shopFolder } from './shop.js';

/** What runs in a region before the first rollout. */
export const firstRelease = '1.0.0';

/** A release of the shop, with the digest of its folder as it is now and the migrations in it. Throws `SetupFailure` naming the ones there are. */
export async function shopRelease(version: string): Promise<SentRelease> {
  const releases = path.join(shopFolder, 'releases');
  const folder = path.join(releases, version);
  if (path.dirname(folder) !== releases || !existsSync(folder)) {
    throw new SetupFailure(`The shop has no release ${version}. It has: ${(await readdir(releases)).toSorted().join(', ')}.`);
  }
  const { migrations, freeOf } = await readMigrations(folder);
  return {
    version,
    artifact: { path: folder, digest: await digestOfFolder(folder) },
    ...(migrations.length > 0 && { migrations }),
    ...(freeOf.length > 0 && { freeOf }),
  };
}
