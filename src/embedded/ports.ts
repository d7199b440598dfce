import { createServer } from 'node:net';
import { SetupFailure } from './setup-failure.js';

/** A port that the stack listens on. */
export interface NeededPort {
  port: number;
  host: string;
  /** `the API` */
  what: string;
  /** The environment variable that chooses it. */
  variable: string;
}

/** Throws `SetupFailure` naming every port that somebody else listens on, or that two parts of the stack were given. */
export async function expectFreePorts(needed: NeededPort[]): Promise<void> {
  const doubles = needed.filter((each, index) => needed.findIndex(({ port }) => port === each.port) !== index);
  const taken = (await Promise.all(needed.map(async (each) => ((await isFree(each)) ? [] : [each])))).flat();
  const problems = [
    ...doubles.map(({ port, what, variable }) => `  Port ${port} (${what}) is the port of another part of this stack too: choose another one with ${variable}.`),
    ...taken.map(({ port, what, variable }) => `  Port ${port} (${what}) is in use by another program: stop that program, or choose another port with ${variable}.`),
  ];
  if (problems.length > 0) throw new SetupFailure(['The stack cannot start:', ...problems].join('\n'));
}

/** Whether a server could listen there now. */
function isFree({ port, host }: NeededPort): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(new SetupFailure(`Nobody can listen on ${host}:${port}: ${error.message}`, { cause: error }));
    });
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
