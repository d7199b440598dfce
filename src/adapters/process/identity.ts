import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { z } from 'zod';

/** A process, not just its number: numbers are used again, a number together with a start time is not. */
export const ProcessIdentity = z.object({
  pid: z.number().int().positive(),
  /** Opaque; equal for one process however often it is asked. On Linux it names the boot too. */
  startTime: z.string().min(1),
});
export type ProcessIdentity = z.infer<typeof ProcessIdentity>;

/** Who has this number now; null when nobody has, or only a dead process that its parent has not collected yet. */
export async function identify(pid: number): Promise<ProcessIdentity | null> {
  const startTime = process.platform === 'linux' ? await startTimeFromProc(pid) : await startTimeFromPs(pid);
  return startTime === null ? null : { pid, startTime };
}

export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  return (await identify(identity.pid))?.startTime === identity.startTime;
}

/** The identity of this process. */
export async function ownIdentity(): Promise<ProcessIdentity> {
  const identity = await identify(process.pid);
  if (identity === null) throw new Error(`The process table of this machine does not show process ${process.pid}, which asks.`);
  return identity;
}

async function startTimeFromProc(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(goneAsNull);
  if (stat === null) return null;
  // The second field is the program's name in parentheses and may hold anything, spaces and parentheses too: count from its end.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0]!;
  const startTicks = fields[19]!; // field 22 of proc(5), in clock ticks since the boot
  if (state === 'Z' || state === 'X') return null;
  // A machine that boots the same way every time gives the same numbers at the same ticks.
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'latin1');
  return `${boot.trim()}/${startTicks}`;
}

/** For systems without /proc. Start times come in whole seconds there. Exported for its test. */
export async function startTimeFromPs(pid: number): Promise<string | null> {
  const environment = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
  const { stdout } = await promisify(execFile)('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { env: environment }).catch(failedAsNothing);
  const [state = '', ...started] = stdout.trim().split(/\s+/);
  return state === '' || state.startsWith('Z') ? null : started.join(' ');
}

/** `ps` exits with 1 when it knows no such process. */
function failedAsNothing(error: unknown): { stdout: string } {
  if ((error as { code?: unknown }).code === 1) return { stdout: '' };
  throw error;
}

function goneAsNull(error: unknown): null {
  if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
  throw error;
}
