import type { ChildProcess } from 'node:child_process';

const keptCharacters = 20_000;

export interface Ended {
  /** The exit code, or the signal that ended it. */
  code: number | string;
  /** The end of its standard error. */
  stderr: string;
}

/** Waits for a child process to end. Rejects when it could not be started or was aborted. */
export function ended(child: ChildProcess, onStderr: (text: string) => void = () => {}): Promise<Ended> {
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-keptCharacters);
    onStderr(text);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code: code ?? signal ?? 'no code', stderr }));
  });
}
