import { setTimeout as sleep } from 'node:timers/promises';
import { MeridianFailure } from '../../rollout/failure.js';
import { identify, isAlive, type ProcessIdentity } from './identity.js';
import { liveProcess } from './live.js';
import { findMarked } from './marker.js';
import type { ProcessRecord } from './record.js';

const pollMs = 25;
const killMs = 5_000;

/**
 * Stops the region's process with all that it started: SIGTERM, then SIGKILL after the launch's `stopMs`. Only processes whose
 * identity is certain are touched: the recorded one while its start time fits, and those that carry the launch's marker.
 * Returns whether anything ran.
 */
export async function stopProcess(record: ProcessRecord): Promise<boolean> {
  if (record.launch === null) return false;
  const live = await liveProcess(record);
  if (live !== null && !(await endsWithin(live, 'SIGTERM', record.launch.stopMs)) && !(await endsWithin(live, 'SIGKILL', killMs))) {
    throw new MeridianFailure('RegionUnreachable', `Process ${live.pid} has not ended ${killMs / 1_000} s after SIGKILL: the system holds it, often in a disk that does not answer.`);
  }
  const remains = await killRemains(record.launch.marker);
  return live !== null || remains > 0;
}

/** True when the process was gone in time. Its group gets the signal too, so that `npm start` hands it to the server behind it. */
async function endsWithin(identity: ProcessIdentity, signal: NodeJS.Signals, ms: number): Promise<boolean> {
  if (!(await isAlive(identity))) return true;
  send(-identity.pid, signal);
  for (const deadline = Date.now() + ms; Date.now() < deadline;) {
    if (!(await isAlive(identity))) return true;
    await sleep(pollMs);
  }
  return !(await isAlive(identity));
}

/** Ends what the leader has left behind; it would hold the port. Returns how many there were. */
async function killRemains(marker: string): Promise<number> {
  const { all } = await findMarked(marker);
  const alive = (await Promise.all(all.map(identify))).filter((identity) => identity !== null);
  for (const { pid } of alive) send(pid, 'SIGKILL');
  return alive.length;
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // it has just ended
  }
}
