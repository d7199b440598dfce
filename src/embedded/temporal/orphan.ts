import { endProcess, runningProcesses } from '../processes.js';

export const stopMs = 5_000;

export interface FoundServer {
  pid: number;
  port: number;
  uiPort: number;
}

/**
 * The development servers that work on a store. They are known by their command line: it names the store, so it fits no other
 * process, and unlike a file with a number it cannot be out of date, even when we were killed right after the start.
 */
export async function findServers(store: string): Promise<FoundServer[]> {
  return (await runningProcesses()).flatMap(({ pid, commandLine }) => {
    const ports = portsOf(commandLine, store);
    return ports === undefined ? [] : [{ pid, ...ports }];
  });
}

/** Ports of the command line of a development server on that store; undefined for any other process. */
export function portsOf(commandLine: string, store: string): { port: number; uiPort: number } | undefined {
  if (!/^(?:.*\/)?temporal server start-dev /.test(commandLine) || !`${commandLine} `.includes(` --db-filename ${store} `)) return undefined;
  const numberAfter = (flag: string): number => Number(new RegExp(` ${flag} (\\d+)`).exec(commandLine)?.[1]);
  return { port: numberAfter('--port'), uiPort: numberAfter('--ui-port') };
}

/** Lets a server write its store to the end, which takes a second; after `stopMs` it is killed, which the store survives too. */
export const endServer = (pid: number, store: string): Promise<void> => endProcess(pid, stopMs, () => isServer(pid, store));

/** Whether that process still is a server on that store. */
export const isServer = async (pid: number, store: string): Promise<boolean> => (await findServers(store)).some((found) => found.pid === pid);
