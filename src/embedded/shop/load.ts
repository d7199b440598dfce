import { spawn } from 'node:child_process';
import { ended } from '../child.js';
import { shopFolder, type Shop } from './shop.js';

/** The customers of the shop: real requests to every region, shared by its weight. */
export interface Load {
  /** Resolves when it has ended, with what it said last. */
  ended: Promise<string>;
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
  const child = spawn(process.execPath, [`${shopFolder}load.js`, ...targets], { stdio: ['pipe', 'ignore', 'pipe'], detached: true });
  // When it has ended by itself, closing the pipe fails: there is nothing left to tell it.
  child.stdin.on('error', () => undefined);
  const hasEnded = ended(child).then(({ code, stderr }) => `${code}: ${stderr.trim()}`, (error: unknown) => (error as Error).message);
  return {
    ended: hasEnded,
    async stop() {
      child.stdin.end();
      const killer = setTimeout(() => child.kill('SIGKILL'), stopMs);
      await hasEnded;
      clearTimeout(killer);
    },
  };
}
