import { randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, ownIdentity, ProcessIdentity } from './identity.js';

const pollMs = 50;

/**
 * Runs `work` while no other caller, in this process or another one on this machine, runs its own under the same lock file.
 * Waits for as long as the holder lives; the lock of a dead one is taken over. Rejects when `signal` aborts the wait.
 */
export async function withLock<T>(file: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  await acquire(file, signal);
  try {
    return await work();
  } finally {
    await rm(file);
  }
}

async function acquire(file: string, signal: AbortSignal): Promise<void> {
  // Linked into place, so that the file is there with its holder in it or not at all.
  const claim = `${file}.${randomUUID()}`;
  await writeFile(claim, JSON.stringify(await ownIdentity()));
  try {
    for (;;) {
      signal.throwIfAborted();
      if (await placed(claim, file)) return;
      if (await isHeldByTheDead(file)) await breakLock(file, signal);
      else await sleep(pollMs, undefined, { signal });
    }
  } finally {
    await rm(claim);
  }
}

/**
 * Two who find the same dead holder must not both remove its lock: the second would remove the lock that the first has taken since.
 * So a lock has a lock for its removal, and under that one the holder is looked at again. Nobody else removes the lock of the dead.
 */
async function breakLock(file: string, signal: AbortSignal): Promise<void> {
  await withLock(`${file}.break`, signal, async () => {
    if (await isHeldByTheDead(file)) await rm(file);
  });
}

async function isHeldByTheDead(file: string): Promise<boolean> {
  const text = await readFile(file, 'utf8').catch(missingAsNull);
  if (text === null) return false;
  const holder = holderIn(text);
  return holder === null || !(await isAlive(holder));
}

/** Null for a file without its content: a power cut has come between, and nobody has lived through that. */
function holderIn(text: string): ProcessIdentity | null {
  try {
    return ProcessIdentity.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function missingAsNull(error: unknown): null {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
  throw error;
}

async function placed(claim: string, file: string): Promise<boolean> {
  try {
    await link(claim, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
