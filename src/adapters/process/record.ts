import { randomUUID } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { z } from 'zod';
import { MeridianFailure } from '../../rollout/failure.js';
import { placeOf } from '../../rollout/places.js';
import { EnvironmentName, PipelineName, RegionName, TenantName } from '../../rollout/schema/names.js';
import { Release } from '../../rollout/schema/release.js';
import { ProcessIdentity } from './identity.js';
import { makeRegionFolder, type RegionFolder, type RegionPlace } from './region-folder.js';

/** What is meant to run in a place. Written down before it is started. */
export const Launch = z.object({
  /** Carried by every process of this launch, and by nothing else; see marker.ts. */
  marker: z.uuid(),
  /** Key of the step that asked for it. */
  key: z.string(),
  release: Release,
  command: z.array(z.string()).min(1),
  port: z.number().int(),
  /** Every variable of the region, secrets too: an operator's restart has nobody to ask. Hence the file is this user's only. */
  variables: z.record(z.string(), z.string()),
  stopMs: z.number(),
  /** When it was started; the time to become healthy counts from here. */
  startedAt: z.iso.datetime(),
});
export type Launch = z.infer<typeof Launch>;

/** All that is known about one place, in one file. */
export const ProcessRecord = z.object({
  pipeline: PipelineName,
  environment: EnvironmentName,
  region: RegionName,
  tenant: TenantName.optional(),
  /** Null when nothing is meant to run. */
  launch: Launch.nullable(),
  /** Who the launch became; null until that is written down, which a killed worker may not have come to. */
  process: ProcessIdentity.nullable(),
  /** Keys of the last finished steps, the newest last. */
  finished: z.array(z.string()),
});
export type ProcessRecord = z.infer<typeof ProcessRecord>;

/** So many steps can come back late, after others have overtaken them. */
const finishedKept = 50;

export const finish = (record: ProcessRecord, key: string): ProcessRecord => ({
  ...record,
  finished: [...record.finished.filter((finished) => finished !== key), key].slice(-finishedKept),
});

/**
 * A step that comes back after something newer was done: a worker that was thought dead, a message that was sent twice. It must not
 * put its release back. A deploy is overtaken by its own undo, too, even if it had not finished.
 */
export function isOvertaken({ finished }: ProcessRecord, key: string): boolean {
  const isOld = finished.includes(key) && finished.at(-1) !== key;
  const isUndone = key.endsWith('/do') && finished.includes(key.replace(/do$/, 'undo'));
  return isOld || isUndone;
}

/** The place's record; an empty one when nothing was ever started there. */
export async function readRecord(folder: RegionFolder, { pipeline, ...place }: RegionPlace): Promise<ProcessRecord> {
  const text = await readFile(folder.record, 'utf8').catch(missingAsNull);
  if (text === null) return { pipeline, ...placeOf(place), launch: null, process: null, finished: [] };
  try {
    return ProcessRecord.parse(JSON.parse(text));
  } catch (error) {
    throw new MeridianFailure(
      'TargetMisconfigured',
      `${folder.record} is not a record that Meridian wrote. See what runs there, stop it by hand, and move the file away.`,
      { cause: error },
    );
  }
}

/** Replaces the record in one step: whoever reads it, even after a power cut, finds the old one or the new one, whole. */
export async function saveRecord(folder: RegionFolder, record: ProcessRecord): Promise<void> {
  await makeRegionFolder(folder);
  const draft = `${folder.record}.${randomUUID()}`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(record, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, folder.record);
  await syncFolder(folder.path);
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function missingAsNull(error: unknown): null {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
  throw error;
}
