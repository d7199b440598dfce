import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { formatDuration } from '../../rollout/duration.js';
import { typescriptProgram } from '../typescript-program.js';
import { fillCache } from './cached.js';
import { ended } from '../child.js';
import { watchGrowth, type GrowthLimits } from './growth.js';
import { reachMs, type TemporalSource } from './source.js';

const bySdk = typescriptProgram(new URL('sdk-download-child.ts', import.meta.url));

/**
 * The download that the Temporal SDK does for its test servers. The SDK knows no deadline for it, so it runs in a child process that
 * is judged by what it writes, and ended when nothing comes.
 */
export const sdkDownload = (
  home: string, command: readonly string[] = bySdk, limits: GrowthLimits = { reachMs, stallMs: 30_000 },
): TemporalSource => ({
  name: 'the download of the Temporal SDK',
  async get(tell, signal) {
    tell.say(`Downloading the Temporal CLI, about 100 MB: a minute or two (given up after ${formatDuration(limits.reachMs)} when temporal.download does not answer).`);
    const onSize = (bytes: number) => tell.progress(`downloading the Temporal CLI: ${Math.round(bytes / 1e6)} MB`);
    try {
      return { path: await fillCache(home, (folder) => download(command, folder, limits, onSize, signal)) };
    } catch (error) {
      signal.throwIfAborted();
      return { missing: (error as Error).message };
    }
  },
});

async function download(
  command: readonly string[], folder: string, limits: GrowthLimits, onSize: (bytes: number) => void, signal: AbortSignal,
): Promise<string> {
  const [program, ...args] = command;
  const child = spawn(program!, [...args, folder], { stdio: ['ignore', 'ignore', 'pipe'], signal, killSignal: 'SIGKILL' });
  let givenUp: string | undefined;
  const watch = watchGrowth(folder, limits, onSize, (why) => {
    givenUp = why;
    child.kill('SIGKILL');
  });
  try {
    const { code, stderr } = await ended(child);
    if (code !== 0) throw new Error(givenUp ?? (lastCause(stderr) || `it ended with ${code}`));
    const [file] = await readdir(folder);
    if (file === undefined) throw new Error('it left no file');
    return path.join(folder, file);
  } finally {
    watch.stop();
  }
}

/** The SDK repeats the address at each level; the cause stands at the end: `dns error: failed to lookup address information`. */
const lastCause = (stderr: string): string => stderr.trim().split('\n').at(-1)!.split('): ').at(-1)!;
