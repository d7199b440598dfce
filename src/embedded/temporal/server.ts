import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { endProcess } from '../processes.js';
import { retryUntil } from '../retry-until.js';
import { SetupFailure } from '../setup-failure.js';
import { serverArguments, type ServerSettings } from './command-line.js';
import { endServer, isServer, stopMs } from './orphan.js';

/** A development server that this process started or took over. */
export interface TemporalServer {
  pid: number;
  address: string;
  /** Resolves when it has ended, for whatever reason. */
  ended: Promise<void>;
  /** Lets it write its store to the end; if that takes too long it is killed, which the store survives too. */
  stop(): Promise<void>;
}

const startMs = 60_000;

/**
 * Starts a development server in a process group of its own, so that a Ctrl-C in the terminal does not take it away under the worker,
 * and waits until it serves. Throws `SetupFailure` with the end of its log when it does not.
 */
export async function startServer(binary: string, settings: ServerSettings, logFile: string, signal: AbortSignal): Promise<TemporalServer> {
  const child = spawnDetached(binary, serverArguments(settings), logFile);
  const hasEnded = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()));
  const server: TemporalServer = {
    pid: child.pid ?? 0,
    address: `${settings.ip}:${settings.port}`,
    ended: hasEnded,
    stop: () => endProcess(child.pid!, stopMs, async () => child.exitCode === null && child.signalCode === null),
  };
  try {
    await waitUntilServing(server.address, settings.namespace, startMs, AbortSignal.any([signal, abortedWhen(hasEnded, 'it has ended')]));
    return server;
  } catch (error) {
    if (child.pid !== undefined) await server.stop();
    signal.throwIfAborted();
    const log = await readFile(logFile, 'utf8').catch(() => '');
    throw new SetupFailure(
      `The Temporal server (${binary}) does not serve on ${server.address}: ${(error as Error).message}. The end of ${logFile}:\n${log.trim().split('\n').slice(-5).join('\n')}`,
      { cause: error },
    );
  }
}

/** Takes over a server that a killed process of ours left behind. Rejects when it does not serve the namespace. */
export async function adoptServer(pid: number, settings: ServerSettings & { store: string }, signal: AbortSignal): Promise<TemporalServer> {
  const address = `${settings.ip}:${settings.port}`;
  await waitUntilServing(address, settings.namespace, 5_000, signal);
  return { pid, address, ended: untilGone(pid, settings.store), stop: () => endServer(pid, settings.store) };
}

function spawnDetached(binary: string, args: string[], logFile: string): ChildProcess {
  mkdirSync(path.dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'a');
  try {
    return spawn(binary, args, { detached: true, stdio: ['ignore', log, log] });
  } finally {
    closeSync(log);
  }
}

function abortedWhen(event: Promise<void>, why: string): AbortSignal {
  const controller = new AbortController();
  void event.then(() => controller.abort(new Error(why)));
  return controller.signal;
}

async function waitUntilServing(address: string, namespace: string, limitMs: number, signal: AbortSignal): Promise<void> {
  const connection = Connection.lazy({ address });
  try {
    await retryUntil(
      limitMs,
      () => connection.withDeadline(Date.now() + 2_000, () => connection.workflowService.describeNamespace({ namespace })),
      { signal },
    );
  } finally {
    await connection.close();
  }
}

async function untilGone(pid: number, store: string): Promise<void> {
  while (await isServer(pid, store)) await sleep(1_000, undefined, { ref: false });
}
