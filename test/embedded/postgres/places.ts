import { mkdtemp, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { findBinaries } from '../../../src/embedded/postgres/binaries.js';
import { dataOf } from '../../../src/embedded/postgres/cluster.js';
import { openServer, type OpenServer, type ServerPlace } from '../../../src/embedded/postgres/open.js';
import { endServer, findServer } from '../../../src/embedded/postgres/running.js';
import { freePortRange } from '../../support/free-ports.js';

const never = new AbortController().signal;

/** A folder and a port for one server. Whatever runs there is ended, and the folder gone, when the test is over. */
export async function newPlace(): Promise<ServerPlace> {
  const folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'meridian-postgres-')));
  onTestFinished(async () => {
    const left = await findServer(dataOf(folder));
    if (left !== undefined) await endServer(left.pid, dataOf(folder));
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  return { folder, port: await freePortRange(1), what: 'production/sydney' };
}

/** The server of a place, as a stack opens it. It is stopped when the test is over. */
export async function open(place: ServerPlace): Promise<OpenServer> {
  const server = await openServer(place, await findBinaries(undefined), never, { fsync: 'off' });
  onTestFinished(() => server.stop());
  return server;
}
