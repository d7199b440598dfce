import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { MeridianFailure } from '../../rollout/failure.js';

// A killed process is gone from the process table a little before the last of its threads lets go of its sockets.
const patienceMs = 1_000;
const pollMs = 50;

/** Throws `DeployFailed` when somebody listens on the port. Asked only after the region's own process has been stopped. */
export async function expectFreePort(port: number): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!(await isFree(port))) {
    if (Date.now() > deadline) {
      throw new MeridianFailure(
        'DeployFailed',
        `Port ${port} is held by a process that Meridian did not start. Find it with \`lsof -nP -iTCP:${port} -sTCP:LISTEN\` and stop it, or give the region another port.`,
      );
    }
    await sleep(pollMs);
  }
}

async function isFree(port: number): Promise<boolean> {
  // Whoever calls the region in this moment is turned away, as they were before.
  const probe = createServer((socket) => socket.destroy());
  probe.listen({ port, host: '127.0.0.1', exclusive: true });
  try {
    await once(probe, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw new MeridianFailure('DeployFailed', `Port ${port} cannot be used: ${(error as Error).message}. Give the region another port.`, { cause: error });
  }
  probe.close();
  await once(probe, 'close');
  return true;
}
