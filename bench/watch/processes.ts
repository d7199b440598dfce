import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { typescriptProgram } from '../../src/embedded/typescript-program.js';

/** A process of the benchmark, and the first line that it said. */
export interface Helper {
  pid: number;
  said: string;
  stop(): Promise<void>;
}

/** Runs one of our files until it has said its first line. Rejects when it ends before. */
export async function startHelper(file: URL, env: NodeJS.ProcessEnv = {}): Promise<Helper> {
  const [command, ...args] = typescriptProgram(file);
  const child = spawn(command!, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  const leaveNothing = (): void => void child.kill('SIGKILL');
  process.once('exit', leaveNothing);
  return {
    pid: child.pid!,
    said: await firstLine(child),
    async stop() {
      process.off('exit', leaveNothing);
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

const firstLine = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = '';
    child.stdout!.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      if (text.includes('\n')) resolve(text.split('\n')[0]!);
    });
    child.once('error', reject).once('exit', () => reject(new Error(`A process of the benchmark has ended without a word: ${child.spawnargs.join(' ')}`)));
  });

// USER_HZ: what /proc counts in, on every Linux that Node runs on.
const ticksPerSecond = 100;

/** Processor time of a process and all of its threads since it started (s). Linux only. */
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** Memory of a process (MB). */
export const residentMb = (pid: number): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1_024;
