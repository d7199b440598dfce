import { randomUUID } from 'node:crypto';
import { MeridianFailure } from '../../rollout/failure.js';
import type { FolderArtifact, Release } from '../../rollout/schema/release.js';
import { verifyFolder } from '../folder-artifact.js';
import { liveProcess } from './live.js';
import { expectFreePort } from './port.js';
import { saveRecord, type Launch, type ProcessRecord } from './record.js';
import type { RegionFolder } from './region-folder.js';
import { startProcess } from './start.js';
import { stopProcess } from './stop.js';

/** What to start; the marker and the time come with the start. */
export type LaunchOrder = Omit<Launch, 'marker' | 'startedAt'>;

/**
 * Stops what runs in the region and starts what is ordered. Refuses before anything is touched when the artifact is not what was
 * shipped. To be called under the region's lock; the record that comes back is the caller's to save.
 *
 * The launch is written down before it is started: a worker killed in between leaves a marker that its successor finds the process by,
 * or finds that there is none.
 */
export async function replaceProcess(folder: RegionFolder, record: ProcessRecord, order: LaunchOrder): Promise<ProcessRecord> {
  const artifact = folderOf(order.release);
  await verifyFolder(artifact);
  if (await movesToAnotherPort(record, order.port)) await expectFreePort(order.port);
  await stopProcess(record);
  await expectFreePort(order.port);

  const launch: Launch = { ...order, marker: randomUUID(), startedAt: new Date().toISOString() };
  const intended: ProcessRecord = { ...record, launch, process: null };
  await saveRecord(folder, intended);
  return { ...intended, process: await startProcess(folder, record, launch, artifact.path) };
}

/** Then the new port is known to be free before the old process is stopped for it. */
async function movesToAnotherPort(record: ProcessRecord, port: number): Promise<boolean> {
  return record.launch !== null && record.launch.port !== port && (await liveProcess(record)) !== null;
}

function folderOf({ version, artifact }: Release): FolderArtifact {
  if (artifact !== undefined && 'path' in artifact) return artifact;
  throw new MeridianFailure(
    'TargetMisconfigured',
    `A process target starts a command in a folder, and ${version} ${artifact ? 'is an image' : 'has no artifact'}. Ship it with artifact: { path, digest }.`,
  );
}
