import type { DeployStep, Place, RegionStep, RegionTarget, StepAnswer, UndoStep } from '../../activities/ports/region-target.js';
import { durationMs } from '../rollout/duration.js';
import { MeridianFailure } from '../rollout/failure.js';
import { placeKey } from '../rollout/places.js';
import type { Release } from '../rollout/schema/release.js';
import type { ProcessTarget } from '../rollout/schema/target.js';
import { refuseDrift } from '../rollout/states/undo-drift.js';
import { liveProcess } from './process/live.js';
import { withLock } from './process/lock.js';
import { finish, isOvertaken, readRecord, saveRecord, type ProcessRecord } from './process/record.js';
import { makeRegionFolder, regionFolder, type RegionFolder } from './process/region-folder.js';
import { replaceProcess, type LaunchOrder } from './process/replace.js';
import { stopProcess } from './process/stop.js';
import { verifyProcess } from './process/verify.js';

const done: StepAnswer = { status: 'done' };

/**
 * Regions as processes of this machine: detached, so that they outlive Meridian, and found again by what `<home>/regions` says about
 * them. One step at a time is taken in a place, whoever asks. Throws what the port `RegionTarget` lists.
 */
export const processTarget = ({ home }: { home: string }) => (settings: ProcessTarget): RegionTarget => {
  const port = portOf(settings);
  const orderFor = (step: RegionStep, release: Release): LaunchOrder => ({
    key: step.key, release, command: settings.command, port, variables: step.variables, stopMs: durationMs(settings.stopTimeout),
  });

  return {
    async current(place: Place): Promise<Release | null> {
      return runningRelease(await readRecord(regionFolder(home, place), place));
    },

    async deploy(step: DeployStep, signal: AbortSignal): Promise<StepAnswer> {
      return inTurn(home, step, signal, async (folder, record) => {
        if (isOvertaken(record, step.key)) throw overtaken(step, record);
        const deployed = (await begun(record, step.key)) ?? (await replaceProcess(folder, record, orderFor(step, step.release)));
        return finish(deployed, step.key);
      });
    },

    async verify(step: DeployStep, signal: AbortSignal): Promise<StepAnswer> {
      return verifyProcess(regionFolder(home, step), step, { port, path: settings.health, startMs: durationMs(settings.startTimeout) }, signal);
    },

    async undo(step: UndoStep, signal: AbortSignal): Promise<StepAnswer> {
      return inTurn(home, step, signal, async (folder, record) => {
        if (isOvertaken(record, step.key)) return record;
        const running = await runningRelease(record);
        if (running !== null && running.version === step.to?.version) return finish(record, step.key);
        // The caller has looked; in here nobody can come between the look and the undo.
        refuseDrift(step, step, running);
        const undone = step.to === null ? await stopForGood(record) : await putBack(folder, record, orderFor(step, step.to));
        return finish(undone, step.key);
      });
    },
  };
};

/**
 * Takes the region's lock, lets `work` change what it finds there, and writes down where that has led. The signal ends the wait for the
 * lock; a step that has begun goes to its end, so that it is never left half-way.
 */
async function inTurn(
  home: string, step: RegionStep, signal: AbortSignal, work: (folder: RegionFolder, record: ProcessRecord) => Promise<ProcessRecord>,
): Promise<StepAnswer> {
  const folder = regionFolder(home, step);
  await makeRegionFolder(folder);
  await withLock(folder.lock, signal, async () => {
    const record = await readRecord(folder, step);
    await saveRecord(folder, await work(folder, record));
  });
  return done;
}

async function runningRelease(record: ProcessRecord): Promise<Release | null> {
  return (await liveProcess(record)) === null ? null : record.launch!.release;
}

/** The record with the process of this very step, when it lives: started by this worker, or by one that was killed before it could say so. */
async function begun(record: ProcessRecord, key: string): Promise<ProcessRecord | null> {
  const live = record.launch?.key === key ? await liveProcess(record) : null;
  return live && { ...record, process: live };
}

async function stopForGood(record: ProcessRecord): Promise<ProcessRecord> {
  await stopProcess(record);
  return { ...record, launch: null, process: null };
}

/** What keeps a release from being deployed keeps it from being put back; only the name of the failure differs. */
async function putBack(folder: RegionFolder, record: ProcessRecord, order: LaunchOrder): Promise<ProcessRecord> {
  try {
    return await replaceProcess(folder, record, order);
  } catch (error) {
    if (error instanceof MeridianFailure && error.code === 'DeployFailed') throw new MeridianFailure('UndoFailed', error.message, { cause: error });
    throw error;
  }
}

function overtaken(step: DeployStep, record: ProcessRecord): MeridianFailure {
  return new MeridianFailure(
    'DeployFailed',
    `${placeKey(step)} has moved on: the step ${step.key} came back after ${record.finished.at(-1)} was done, and changes nothing any more. Start a new rollout of ${step.release.version}.`,
  );
}

function portOf({ port, health }: ProcessTarget): number {
  if (!health.startsWith('/')) throw new MeridianFailure('TargetMisconfigured', `target.health is ${health}: give a path on the region, such as /healthz.`);
  const number = /^\d{1,5}$/.test(port) ? Number(port) : 0;
  if (number >= 1 && number <= 65_535) return number;
  throw new MeridianFailure('TargetMisconfigured', `target.port is ${JSON.stringify(port)}: give a number from 1 to 65535, or a variable that holds one.`);
}
