import { mkdir } from 'node:fs/promises';
import path from 'node:path';

/** One region of one environment of one pipeline. */
export interface RegionPlace {
  pipeline: string;
  environment: string;
  region: string;
}

/** Where a region lives on this machine. */
export interface RegionFolder {
  /** `<home>/regions/<pipeline>/<environment>/<region>`: nested, because names may hold dashes and `a-b/c` is not `a/b-c`. */
  path: string;
  record: string;
  lock: string;
  /** Standard output and standard error of everything that ever ran here. */
  log: string;
  /** The region's own data, kept over deploys; its processes find it as DATA_DIR. */
  data: string;
}

export const regionsFolder = (home: string): string => path.join(home, 'regions');

export function regionFolder(home: string, { pipeline, environment, region }: RegionPlace): RegionFolder {
  const folder = path.join(path.resolve(regionsFolder(home)), pipeline, environment, region);
  return {
    path: folder,
    record: path.join(folder, 'record.json'),
    lock: path.join(folder, 'lock'),
    log: path.join(folder, 'log'),
    data: path.join(folder, 'data'),
  };
}

/** Makes the folder, for this user only: its record holds the region's variables, secrets too. */
export async function makeRegionFolder(folder: RegionFolder): Promise<void> {
  await mkdir(folder.data, { recursive: true, mode: 0o700 });
}
