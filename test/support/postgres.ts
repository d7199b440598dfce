import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { identify } from '../../src/adapters/process/identity.js';
import { findBinaries } from '../../src/embedded/postgres/binaries.js';
import { openCluster } from '../../src/embedded/postgres/cluster.js';
import { withClient } from '../../src/embedded/postgres/connect.js';
import { startServer, type Settings } from '../../src/embedded/postgres/server.js';
import { freePortRange } from './free-ports.js';
import { waitFor } from './wait-for.js';

/** A PostgreSQL server of its own. */
export interface TestPostgres {
  /** Of the database `postgres`, as the superuser. */
  url: string;
  port: number;
  /** Of the server as it runs now; another one after `restart`. */
  readonly pid: number;
  folder: string;
  /** SIGKILL for the server and all its backends, as if the machine had lost its power; resolves when they are gone. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data, after `kill` or while it runs. */
  restart(): Promise<void>;
  /** Stops it and removes its folder. */
  stop(): Promise<void>;
  /** A new database, as a copy of `template` where one is named; answers its URL. */
  createDatabase(name: string, template?: string): Promise<string>;
}

/** Whoever starts it stops it. `fsync` is off unless the settings say otherwise: what is committed outlives processes, not the machine. */
export async function startPostgres({ settings = {} }: { settings?: Settings } = {}): Promise<TestPostgres> {
  const never = new AbortController().signal;
  const binaries = await findBinaries(process.env.MERIDIAN_POSTGRES_BIN);
  const folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'meridian-postgres-')));
  const cluster = await openCluster(folder, binaries, never);
  const port = await freePortRange(1);
  const start = () => startServer(binaries, cluster, port, { fsync: 'off', ...settings }, never);
  let server = await start();
  return {
    url: server.url(), port, folder,
    get pid() { return server.pid; },
    async kill() {
      const family = [server.pid, ...(await childrenOf(server.pid))];
      for (const pid of family) killHard(pid);
      await waitFor('the server and its backends are gone', async () => (await Promise.all(family.map(identify))).every((each) => each === null));
    },
    async restart() {
      await server.stop();
      server = await start();
    },
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
    async createDatabase(name, template = 'template1') {
      await withClient(server.url(), (client) => client.query(`create database ${client.escapeIdentifier(name)} template ${client.escapeIdentifier(template)}`));
      return server.url(name);
    },
  };
}

/** The children of a process of this machine, by Linux's own list. */
const childrenOf = async (pid: number): Promise<number[]> =>
  (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')).split(' ').filter((each) => each !== '').map(Number);

function killHard(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // It has just ended by itself.
  }
}
