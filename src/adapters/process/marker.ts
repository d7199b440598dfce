import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** The environment variable that every process of a launch carries, and its children after it. */
export const markerVariable = 'MERIDIAN_LAUNCH';

/** The processes of this user that carry the marker of a launch, as numbers; the one that was started first leads them. */
export interface MarkedProcesses {
  /** The process that Meridian itself started: it leads a process group of its own. Null when it is gone. */
  leader: number | null;
  all: number[];
}

/**
 * Finds a launch by what its processes carry, for when nobody has written down who they are. The marker is in place from the first
 * instruction of the program on, before it could listen or write anything.
 */
export async function findMarked(marker: string): Promise<MarkedProcesses> {
  const all = process.platform === 'linux' ? await markedInProc(marker) : await markedInPs(marker);
  return { leader: all.find(({ pid, group }) => pid === group)?.pid ?? null, all: all.map(({ pid }) => pid) };
}

interface Marked {
  pid: number;
  group: number;
}

async function markedInProc(marker: string): Promise<Marked[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map(async (pid) => {
    const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(notOursAsEmpty);
    if (!`\0${environment}`.includes(`\0${markerVariable}=${marker}\0`)) return [];
    const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(notOursAsEmpty);
    const group = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]; // field 5 of proc(5)
    return [{ pid: Number(pid), group: Number(group) }];
  }));
  return found.flat();
}

/** For macOS, where -E shows the environment behind the command. */
async function markedInPs(marker: string): Promise<Marked[]> {
  const { stdout } = await promisify(execFile)('ps', ['-axwwE', '-o', 'pid=,pgid=,command='], { maxBuffer: 64 * 1024 * 1024 });
  return stdout.split('\n').filter((line) => line.includes(` ${markerVariable}=${marker}`)).map((line) => {
    const [pid, group] = line.trim().split(/\s+/);
    return { pid: Number(pid), group: Number(group) };
  });
}

/** Processes of other users may not be read, and processes end while they are looked at: neither is one of ours. */
function notOursAsEmpty(error: unknown): string {
  if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) return '';
  throw error;
}
