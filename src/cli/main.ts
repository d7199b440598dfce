import { runCli } from './program.js';

/** Runs the command line and leaves its exit code in `process.exitCode`, so that what is written still arrives. */
export async function main(argv: string[]): Promise<void> {
  process.stdout.on('error', endWithoutReader);
  process.exitCode = await runCli(argv, process);
}

/** `meridian status --watch | head`: the reader has seen enough. End as on SIGTERM, for which a stack that runs here is stopped in order. */
function endWithoutReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.kill(process.pid, 'SIGTERM');
}
