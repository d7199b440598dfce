import { runCli } from './program.js';

/** Runs the command line and leaves its exit code in `process.exitCode`, so that what is written still arrives. */
export async function main(argv: string[]): Promise<void> {
  process.exitCode = await runCli(argv, process);
}
