import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { endProcess, runningProcesses } from '../processes.js';

/** Time for a fast shutdown: connections are cut, a checkpoint is written. */
export const stopMs = 15_000;

export interface RunningServer {
  pid: number;
  port: number;
}

/**
 * The server that works on a data folder. It is known by its command line, which names the folder, as the Temporal server is; a backend
 * that has been forked just now still carries the same, so that the server's own file decides between two.
 */
export async function findServer(data: string): Promise<RunningServer | undefined> {
  const found = (await runningProcesses()).flatMap(({ pid, commandLine }) => {
    const port = portOf(commandLine, data);
    return port === undefined ? [] : [{ pid, port }];
  });
  if (found.length < 2) return found[0];
  const noted = await notedPid(data);
  return found.find(({ pid }) => pid === noted) ?? found[0];
}

/** The port in the command line of a server on that folder; undefined for any other process. */
function portOf(commandLine: string, data: string): number | undefined {
  if (!/^\S*postgres(\.exe)? /.test(commandLine) || !`${commandLine} `.includes(` -D ${data} `)) return undefined;
  return Number(/ -p (\d+)/.exec(commandLine)?.[1]);
}

/** Whether that process still is a server on that folder. */
export const isServer = async (pid: number, data: string): Promise<boolean> =>
  (await runningProcesses()).some((each) => each.pid === pid && portOf(each.commandLine, data) !== undefined);

/** A fast shutdown; after `stopMs` it is killed, which the data survives too. */
export const endServer = (pid: number, data: string): Promise<void> => endProcess(pid, stopMs, () => isServer(pid, data), 'SIGINT');

/**
 * Removes the lock of a server that is gone when another program has its number now, as happens after a restart of a container:
 * PostgreSQL would take that program for the server. A lock whose number nobody has stays: PostgreSQL learns from it what the dead one left.
 */
export async function dropForeignLock(data: string): Promise<void> {
  const noted = await notedPid(data);
  const holder = noted === undefined ? undefined : (await runningProcesses()).find(({ pid }) => pid === noted);
  if (holder !== undefined && portOf(holder.commandLine, data) === undefined) await rm(lockOf(data), { force: true });
}

const lockOf = (data: string): string => path.join(data, 'postmaster.pid');

const notedPid = (data: string): Promise<number | undefined> =>
  readFile(lockOf(data), 'utf8').then((text) => Number.parseInt(text, 10), () => undefined);
