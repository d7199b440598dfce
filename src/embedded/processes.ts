import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface RunningProcess {
  pid: number;
  /** Program and arguments, with one space between them. */
  commandLine: string;
}

/** Every process of this machine that we may see. Those that have ended and only wait for their parent are left out. */
export async function runningProcesses(): Promise<RunningProcess[]> {
  return process.platform === 'linux' ? await readProcFolder() : await askPs();
}

async function readProcFolder(): Promise<RunningProcess[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map(async (pid) => ({ pid: Number(pid), commandLine: await readCommandLine(pid) })));
  return found.filter(({ commandLine }) => commandLine !== '');
}

/** Empty for a process that has ended, kernel threads and zombies. */
const readCommandLine = (pid: string): Promise<string> =>
  readFile(`/proc/${pid}/cmdline`, 'utf8').then((text) => text.replaceAll('\0', ' ').trim(), () => '');

async function askPs(): Promise<RunningProcess[]> {
  const { stdout } = await run('ps', ['-A', '-ww', '-o', 'pid=,stat=,args='], { maxBuffer: 16 * 1024 * 1024 });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, state, commandLine] = /^\s*(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined || state!.startsWith('Z') ? [] : [{ pid: Number(pid), commandLine: commandLine! }];
  });
}

/**
 * The signal that asks it to end, and SIGKILL when it is still there after `graceMs`; resolves when it is gone. `isThere` must know the
 * process for sure, not only by its number.
 */
export async function endProcess(pid: number, graceMs: number, isThere: () => Promise<boolean>, asking: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  const deadline = performance.now() + graceMs;
  let signal = asking;
  let sent: NodeJS.Signals | undefined;
  while (await isThere()) {
    if (sent !== signal) sendSignal(pid, signal);
    sent = signal;
    if (performance.now() > deadline) signal = 'SIGKILL';
    await sleep(50);
  }
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // ESRCH: it has just ended by itself.
  }
}
