import { spawn, type ChildProcess } from 'node:child_process';
import { ended } from '../child.js';
import { shopFolder, type Shop } from './shop.js';

/** The customers of the shop: real requests to every region, shared by its weight. */
export interface Load {
  /** Settles when it has ended; rejects with what it said when it failed. */
  ended: Promise<void>;
  stop(): Promise<void>;
}

const stopMs = 5_000;

/** Starts them as a child that holds one end of a pipe to us: it ends when we do, however we end. */
export function startLoad({ document, places }: Shop): Load {
  const production = document.lifecycle.at(-1)!.environment;
  const targets = places.flatMap(({ environment, region, url }) => {
    const profile = environment === production ? 'production' : 'smoke';
    return ['--target', `${environment}/${region}=${url}=${document.regions[region]!.weight}=${profile}`];
  });
  // In a process group of its own, so that a Ctrl-C in the terminal does not end it before the worker.
  const child = spawn(process.execPath, [`${shopFolder}load.js`, '--writes', '0.02', ...targets], { stdio: ['pipe', 'ignore', 'pipe'], detached: true });
  // When it has ended by itself, closing the pipe fails: there is nothing left to tell it.
  child.stdin.on('error', () => undefined);
  const hasEnded = untilEnded(child);
  return {
    ended: hasEnded,
    async stop() {
      child.stdin.end();
      const killer = setTimeout(() => child.kill('SIGKILL'), stopMs);
      await hasEnded.finally(() => clearTimeout(killer));
    },
  };
}

async function untilEnded(child: ChildProcess): Promise<void> {
  const { code, stderr } = await ended(child);
  if (code !== 0) throw new Error(`${code}: ${stderr.trim()}`);
}
