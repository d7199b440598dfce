import { setTimeout as sleep } from 'node:timers/promises';
import { identify, isAlive, type ProcessIdentity } from './identity.js';
import { findMarked } from './marker.js';
import type { ProcessRecord } from './record.js';

const settleMs = 200;

/**
 * The region's process if it runs. A launch whose process was never written down (its worker was killed in between) is looked for
 * by its marker, so that it is neither lost nor started a second time.
 */
export async function liveProcess({ launch, process }: ProcessRecord): Promise<ProcessIdentity | null> {
  if (launch === null) return null;
  if (process !== null) return (await isAlive(process)) ? process : null;
  const found = await findLeader(launch.marker);
  if (found !== null) return found;
  // Between fork and exec a child still shows its parent's environment. That lasts far less than a millisecond: look twice.
  await sleep(settleMs);
  return findLeader(launch.marker);
}

async function findLeader(marker: string): Promise<ProcessIdentity | null> {
  const { leader } = await findMarked(marker);
  return leader === null ? null : identify(leader);
}
