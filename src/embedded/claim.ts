import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isAlive, ownIdentity, ProcessIdentity } from '../adapters/process/identity.js';
import { withLock } from '../adapters/process/lock.js';
import { SetupFailure } from './setup-failure.js';

/**
 * Makes this process the only one that runs a stack in `home`, and answers how to give that up. The claim of a process that was
 * killed is taken over. Throws `SetupFailure` naming the process that runs one already.
 */
export async function claimHome(home: string, signal: AbortSignal): Promise<() => Promise<void>> {
  const file = path.join(home, 'up.json');
  await withLock(path.join(home, 'up.lock'), signal, async () => {
    const holder = await readClaim(file);
    if (holder !== undefined && (await isAlive(holder))) {
      throw new SetupFailure(
        `A stack with the folder ${home} runs already, as process ${holder.pid}. Look at it with \`npx meridian status\`, end it with Ctrl-C in its `
          + 'terminal, or run a second one beside it with another MERIDIAN_HOME and other ports.',
      );
    }
    await writeFile(file, JSON.stringify(await ownIdentity()));
  });
  return () => rm(file, { force: true });
}

/** Undefined when nobody has claimed it, or only half of a claim was written before a power cut. */
async function readClaim(file: string): Promise<ProcessIdentity | undefined> {
  try {
    return ProcessIdentity.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}
