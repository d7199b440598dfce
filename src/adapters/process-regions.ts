import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { placeOf } from '../rollout/places.js';
import { liveProcess } from './process/live.js';
import { withLock } from './process/lock.js';
import { readRecord, saveRecord, type Launch, type ProcessRecord } from './process/record.js';
import { regionFolder, regionsFolder, tenantsFolder, type RegionFolder, type RegionPlace } from './process/region-folder.js';
import { replaceProcess } from './process/replace.js';
import { stopProcess } from './process/stop.js';

/** A place that something is meant to run in. */
export interface RegionProcess extends RegionPlace {
  /** Version of the release. */
  release: string;
  port: number;
  /** Null when its process is not there. */
  pid: number | null;
}

export interface RevivedRegion extends RegionProcess {
  /** `adopted` was alive, `started` was not. */
  how: 'adopted' | 'started';
}

/** Every place under `<home>/regions` that something is meant to run in, by pipeline, environment, region and tenant. */
export async function listRegions(home: string): Promise<RegionProcess[]> {
  const found = await Promise.all((await placesIn(home)).map(async (place) => {
    const record = await readRecord(regionFolder(home, place), place);
    return isMeant(record) ? [describe(record, (await liveProcess(record))?.pid ?? null)] : [];
  }));
  return found.flat();
}

/**
 * Brings every place back to what its record says: living processes are adopted, dead ones are started again on the same release, port
 * and variables. Throws at the first that cannot be started (`DigestMismatch`, `ArtifactMissing`, `DeployFailed` when its port is taken).
 */
export async function reviveRegions(home: string, signal: AbortSignal = never): Promise<RevivedRegion[]> {
  return eachRegion(home, signal, async (folder, record) => {
    const live = await liveProcess(record);
    const { marker: _marker, startedAt: _startedAt, ...order } = record.launch;
    const revived = live === null ? await replaceProcess(folder, record, order) : { ...record, process: live };
    await saveRecord(folder, revived);
    return { ...describe(record, revived.process?.pid ?? null), how: live === null ? 'started' : 'adopted' };
  });
}

/** Stops every place's process and keeps its record, so that `reviveRegions` finds what ran. Returns those that ran. */
export async function stopRegions(home: string, signal: AbortSignal = never): Promise<RegionProcess[]> {
  const stopped = await eachRegion(home, signal, async (_folder, record) => {
    const live = await liveProcess(record);
    return (await stopProcess(record)) ? [describe(record, live?.pid ?? null)] : [];
  });
  return stopped.flat();
}

type MeantRecord = ProcessRecord & { launch: Launch };

const never = new AbortController().signal;

const isMeant = (record: ProcessRecord): record is MeantRecord => record.launch !== null;

const describe = ({ pipeline, launch, ...place }: MeantRecord, pid: number | null): RegionProcess => ({
  pipeline, ...placeOf(place), release: launch.release.version, port: launch.port, pid,
});

/** All places at the same time, each under its lock. Waits for all of them before it throws for one. */
async function eachRegion<T>(home: string, signal: AbortSignal, work: (folder: RegionFolder, record: MeantRecord) => Promise<T>): Promise<T[]> {
  const outcomes = await Promise.allSettled((await placesIn(home)).map(async (place) => {
    const folder = regionFolder(home, place);
    return withLock(folder.lock, signal, async () => {
      const record = await readRecord(folder, place);
      return isMeant(record) ? [await work(folder, record)] : [];
    });
  }));
  return outcomes.flatMap((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}

async function placesIn(home: string): Promise<RegionPlace[]> {
  const places: RegionPlace[] = [];
  for (const pipeline of await foldersIn(regionsFolder(home))) {
    for (const environment of await foldersIn(regionsFolder(home), pipeline)) {
      for (const region of await foldersIn(regionsFolder(home), pipeline, environment)) {
        const tenants = await foldersIn(regionsFolder(home), pipeline, environment, region, tenantsFolder);
        places.push({ pipeline, environment, region }, ...tenants.map((tenant) => ({ pipeline, environment, region, tenant })));
      }
    }
  }
  return places;
}

async function foldersIn(...parts: string[]): Promise<string[]> {
  try {
    const entries = await readdir(path.join(...parts), { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name).toSorted();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
