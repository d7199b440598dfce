import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

export interface ProgramRun {
  file: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
  stdin: string;
  timeoutMs: number;
  signal: AbortSignal;
}

/** How a program ended, with the last lines of what it wrote to standard error. */
export type ProgramEnd = { errors: string } & (
  | { how: 'exited'; code: number; output: string }
  | { how: 'killed'; by: NodeJS.Signals }
  | { how: 'timed-out' }
  | { how: 'too-much-output' }
);

export const outputLimit = 256 * 1024;
const errorsKept = 8 * 1024;

/** From SIGTERM to SIGKILL, when a program is stopped. */
const graceMs = 2_000;

/** A background process may hold the pipes of a program that has ended: what it has written itself is there by then. */
const drainMs = 500;

/**
 * Runs a program without a shell, in a process group of its own. When the time is up, the output too long or the signal aborted, the
 * whole group is ended. Throws what `spawn` throws when it cannot start, and the signal's reason when it was aborted.
 */
export async function runProgram(run: ProgramRun): Promise<ProgramEnd> {
  run.signal.throwIfAborted();
  const child = spawn(run.file, run.args, { cwd: run.cwd, env: run.env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  const stopper = new GroupStopper(child);
  const timer = setTimeout(() => stopper.stop('timed-out'), run.timeoutMs);
  const abort = (): void => stopper.stop('aborted');
  run.signal.addEventListener('abort', abort);
  try {
    const output = collect(child.stdout, () => stopper.stop('too-much-output'));
    const errors = collectTail(child.stderr);
    feed(child.stdin, run.stdin);
    const [code, by] = await ended(child);
    if (stopper.why === 'aborted') run.signal.throwIfAborted();
    if (stopper.why === 'timed-out' || stopper.why === 'too-much-output') return { how: stopper.why, errors: errors() };
    return code === null ? { how: 'killed', by: by!, errors: errors() } : { how: 'exited', code, output: output(), errors: errors() };
  } finally {
    clearTimeout(timer);
    run.signal.removeEventListener('abort', abort);
    stopper.finish();
  }
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** Ends every process of a program's group: first politely, then surely. */
class GroupStopper {
  why: 'timed-out' | 'too-much-output' | 'aborted' | undefined;
  private killer: NodeJS.Timeout | undefined;

  constructor(private readonly child: Child) {}

  stop(why: NonNullable<GroupStopper['why']>): void {
    if (this.why !== undefined) return;
    this.why = why;
    this.signalGroup('SIGTERM');
    this.killer = setTimeout(() => this.signalGroup('SIGKILL'), graceMs);
  }

  /** The program itself has ended: nothing of its group outlives a stop. What it left running on its own accord does. */
  finish(): void {
    clearTimeout(this.killer);
    if (this.why !== undefined) this.signalGroup('SIGKILL');
  }

  private signalGroup(signal: NodeJS.Signals): void {
    if (this.child.pid === undefined) return;
    try {
      process.kill(-this.child.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // ESRCH: nobody is left.
    }
  }
}

const ended = (child: Child): Promise<[code: number | null, by: NodeJS.Signals | null]> => new Promise((resolve, reject) => {
  child.once('error', reject);
  child.once('exit', (code, by) => {
    const settle = (): void => {
      clearTimeout(drain);
      child.stdout.destroy();
      child.stderr.destroy();
      resolve([code, by]);
    };
    const drain = setTimeout(settle, drainMs);
    child.once('close', settle);
  });
});

/** What a stream brings, up to the limit. */
function collect(stream: Readable, onTooMuch: () => void): () => string {
  const chunks: Buffer[] = [];
  let length = 0;
  stream.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length <= outputLimit) chunks.push(chunk);
    else onTooMuch();
  });
  return () => Buffer.concat(chunks).toString('utf8');
}

/** The last whole lines of what a stream brings: half a line might begin in the middle of a secret that can then not be recognised. */
function collectTail(stream: Readable): () => string {
  let tail = Buffer.alloc(0);
  let isCut = false;
  stream.on('data', (chunk: Buffer) => {
    const all = Buffer.concat([tail, chunk]);
    isCut ||= all.length > errorsKept;
    tail = all.subarray(-errorsKept);
  });
  return () => {
    const text = tail.toString('utf8');
    return isCut ? text.slice(text.indexOf('\n') + 1 || text.length) : text;
  };
}

function feed(stdin: Writable, text: string): void {
  // A program that does not read its input closes it early: that is its right, and its exit code says how it went.
  stdin.on('error', () => {});
  stdin.end(text);
}
