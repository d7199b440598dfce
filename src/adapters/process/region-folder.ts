import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Place } from '../../rollout/places.js';

/** One place of one pipeline: a region of an environment, or one tenant of it. */
export interface RegionPlace extends Place {
  pipeline: string;
}

/** Where a place lives on this machine. */
export interface RegionFolder {
  /**
   * `<home>/regions/<pipeline>/<environment>/<region>`, and below it `tenants/<tenant>`: nested, because names may hold dashes and
   * `a-b/c` is not `a/b-c`.
   */
  path: string;
  record: string;
  lock: string;
  /** Standard output and standard error of everything that ever ran here. */
  log: string;
  /** The place's own data, kept over deploys; its processes find it as DATA_DIR. */
  data: string;
}

export const regionsFolder = (home: string): string => path.join(home, 'regions');

/** The folder of a region's tenants, beside what the region itself has. */
export const tenantsFolder = 'tenants';

export function regionFolder(home: string, { pipeline, environment, region, tenant }: RegionPlace): RegionFolder {
  const place = tenant === undefined ? [region] : [region, tenantsFolder, tenant];
  const folder = path.join(path.resolve(regionsFolder(home)), pipeline, environment, ...place);
  return {
    path: folder,
    record: path.join(folder, 'record.json'),
    lock: path.join(folder, 'lock'),
    log: path.join(folder, 'log'),
    data: path.join(folder, 'data'),
  };
}

/** Makes the folder, for this user only: its record holds the place's variables, secrets too. */
export async function makeRegionFolder(folder: RegionFolder): Promise<void> {
  await mkdir(folder.data, { recursive: true, mode: 0o700 });
}
