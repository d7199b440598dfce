import { setTimeout as sleep } from 'node:timers/promises';
import { SetupFailure } from '../setup-failure.js';
import type { Binaries } from './binaries.js';
import { openCluster, type Cluster } from './cluster.js';
import { expectSamePort } from './port.js';
import { endServer, findServer } from './running.js';
import { adoptServer, startServer, type PostgresServer, type Settings } from './server.js';

export interface ServerPlace {
  folder: string;
  port: number;
  /** `production/sydney`: whose it is, for people. */
  what: string;
}

/** A server that is started again whenever it ends by itself. */
export interface OpenServer {
  /** Of the server as it runs now. */
  readonly pid: number;
  url(database?: string): string;
  /** Rejects with a `SetupFailure` when it has ended and cannot be started again. */
  broken: Promise<never>;
  stop(): Promise<void>;
}

/** A server that ends again and again is not started in a busy loop. */
const pauseMs = 500;

/**
 * The server in a folder: taken over where one answers that an earlier start has left running, started on the data that is there, or made anew.
 * Whatever kills it, it is there again a moment later. Throws `SetupFailure`.
 */
export async function openServer({ folder, port, what }: ServerPlace, binaries: Binaries, signal: AbortSignal, settings: Settings = {}): Promise<OpenServer> {
  const cluster = await openCluster(folder, binaries, signal);
  await expectSamePort(cluster, port, what);
  const start = (until: AbortSignal): Promise<PostgresServer> => startServer(binaries, cluster, port, settings, until);
  return keepRunning((await adopt(cluster, port, signal)) ?? (await start(signal)), start, what, cluster);
}

/** Undefined where none runs; one that does not answer is ended. */
async function adopt(cluster: Cluster, port: number, signal: AbortSignal): Promise<PostgresServer | undefined> {
  const found = await findServer(cluster.data);
  if (found === undefined) return undefined;
  try {
    return await adoptServer(found.pid, port, cluster, signal);
  } catch {
    signal.throwIfAborted();
    await endServer(found.pid, cluster.data);
    return undefined;
  }
}

function keepRunning(first: PostgresServer, start: (until: AbortSignal) => Promise<PostgresServer>, what: string, { log }: Cluster): OpenServer {
  const stopping = new AbortController();
  let server = first;
  const broken = (async (): Promise<never> => {
    for (;;) {
      await server.ended;
      if (stopping.signal.aborted) return await new Promise<never>(() => {});
      await sleep(pauseMs);
      server = await start(stopping.signal).catch((error: unknown) => {
        throw new SetupFailure(`The database of ${what} has ended and does not start again: ${(error as Error).message} Its log: ${log}.`, { cause: error });
      });
    }
  })();
  broken.catch(() => undefined); // whoever waits for it is told; nobody has to
  return {
    get pid() { return server.pid; },
    url: (database) => server.url(database),
    broken,
    async stop() {
      stopping.abort();
      await server.stop();
    },
  };
}
