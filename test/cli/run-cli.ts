import { Writable } from 'node:stream';
import { runCli } from '../../src/cli/program.js';
import type { FakeApi } from './fake-api.js';

export interface CliRun {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** A stream that keeps what is written, and is no terminal. */
function memory() {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk.toString());
      done();
    },
  });
  return { stream, text: () => chunks.join('') };
}

/** Runs a command line in this process against an API, with nothing of this process's own environment. */
export async function meridian(api: Pick<FakeApi, 'url'>, ...argv: string[]): Promise<CliRun> {
  const [stdout, stderr] = [memory(), memory()];
  const env = { MERIDIAN_API: api.url, MERIDIAN_USER: 'ana' };
  const exitCode = await runCli(argv, { env, stdout: stdout.stream, stderr: stderr.stream });
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
}
