import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { endProcess } from '../processes.js';
import { retryUntil } from '../retry-until.js';
import { SetupFailure } from '../setup-failure.js';
import type { Binaries } from './binaries.js';
import { runAs, superuser, type Cluster } from './cluster.js';
import { expectAnswer, invalidPassword, urlOf } from './connect.js';
import { dropForeignLock, endServer, isServer, stopMs } from './running.js';

/** A PostgreSQL server that this process started or took over. It outlives us, also when we are killed. */
export interface PostgresServer {
  pid: number;
  port: number;
  /** With its password: for nobody's eyes. */
  url(database?: string): string;
  /** Resolves when it has ended, for whatever reason. */
  ended: Promise<void>;
  /** A fast shutdown: connections are cut, what was committed is on the disk. */
  stop(): Promise<void>;
}

/** Settings of PostgreSQL by their names: `{ fsync: 'off' }`. */
export type Settings = Record<string, string>;

/** Small enough that several run on one laptop. */
const defaults: Settings = {
  listen_addresses: '127.0.0.1', unix_socket_directories: '', shared_buffers: '16MB', max_connections: '50', autovacuum_max_workers: '1',
  max_worker_processes: '2', io_method: 'sync',
};

/** After a crash it reads its log first; what the shop writes is read in a second. */
const startMs = 60_000;

/** A server that was killed may take a moment to be gone, and its backends longer: they end by themselves. What is said of either. */
const leftover = /pre-existing shared memory block|lock file "postmaster\.pid" already exists/;
const leftoverMs = 10_000;

/** Starts a server on the cluster, and waits until it answers. Throws `SetupFailure` with the end of its log when it does not. */
export function startServer(binaries: Binaries, cluster: Cluster, port: number, settings: Settings, signal: AbortSignal): Promise<PostgresServer> {
  return retryUntil(leftoverMs, async () => {
    await dropForeignLock(cluster.data);
    return await startOnce(binaries, cluster, port, settings, signal);
  }, { signal, pauseMs: 250, isPassing: (error) => leftover.test((error as Error).message) });
}

async function startOnce({ postgres }: Binaries, cluster: Cluster, port: number, settings: Settings, signal: AbortSignal): Promise<PostgresServer> {
  const child = spawnDetached(postgres, ['-D', cluster.data, '-p', `${port}`, ...asArguments({ ...defaults, ...settings })], cluster);
  const hasEnded = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()));
  const stop = (): Promise<void> => endProcess(child.pid!, stopMs, async () => child.exitCode === null && child.signalCode === null, 'SIGINT');
  const url = urlOf(port, cluster.password);
  try {
    await expectAnswer(url(), startMs, AbortSignal.any([signal, abortedWhen(hasEnded, 'it has ended')]));
    return { pid: child.pid!, port, url, ended: hasEnded, stop };
  } catch (error) {
    if (child.pid !== undefined) await stop();
    signal.throwIfAborted();
    throw wrongUser(error, cluster) ?? new SetupFailure(
      `PostgreSQL (${postgres}) does not answer on 127.0.0.1:${port}: ${(error as Error).message}. The end of ${cluster.log}:\n${await endOf(cluster.log)}`,
      { cause: error },
    );
  }
}

/** Made with another user, as by a Meridian of before, or with another password. */
const wrongUser = (error: unknown, { folder }: Cluster): SetupFailure | undefined =>
  ((error as { code?: string }).code === invalidPassword ? new SetupFailure(
    `The database in ${folder} does not know the user ${superuser} with the password there: an earlier Meridian has made it. Remove the folder to begin with an `
      + 'empty database, or name another one with MERIDIAN_HOME.', { cause: error },
  ) : undefined);

/** Takes over a server that an earlier process of ours has left running. Rejects when it does not answer. */
export async function adoptServer(pid: number, port: number, cluster: Cluster, signal: AbortSignal): Promise<PostgresServer> {
  const url = urlOf(port, cluster.password);
  await expectAnswer(url(), 5_000, signal);
  return { pid, port, url, ended: untilGone(pid, cluster.data), stop: () => endServer(pid, cluster.data) };
}

const asArguments = (settings: Settings): string[] => Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

function spawnDetached(program: string, args: string[], { log, folder, account }: Cluster): ChildProcess {
  const output = openSync(log, 'a', 0o600);
  try {
    return spawn(program, args, { ...runAs(account), cwd: folder, detached: true, stdio: ['ignore', output, output] });
  } finally {
    closeSync(output);
  }
}

function abortedWhen(event: Promise<void>, why: string): AbortSignal {
  const controller = new AbortController();
  void event.then(() => controller.abort(new Error(why)));
  return controller.signal;
}

const endOf = async (log: string): Promise<string> => (await readFile(log, 'utf8').catch(() => '')).trim().split('\n').slice(-5).join('\n');

async function untilGone(pid: number, data: string): Promise<void> {
  while (await isServer(pid, data)) await sleep(1_000, undefined, { ref: false });
}
