import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { mkdtemp, rm } from 'node:fs/promises';
import { Connection } from '@temporalio/client';
import { getTemporalBinary, temporalSources } from '../../src/embedded/temporal/binary.js';
import { registerSearchAttributes } from '../../src/embedded/temporal/search-attributes.js';
import { startServer } from '../../src/embedded/temporal/server.js';
import { freePorts } from './free-ports.js';
import { toolsHome } from './tools-home.js';

const tell = { say: (text: string) => void process.stdout.write(`${text}\n`), progress: () => {} };

export interface TestServer {
  address: string;
  stop(): Promise<void>;
}

/** A Temporal development server in memory, on a free port, with Meridian's search attributes. */
export async function startTestServer(): Promise<TestServer> {
  const signal = new AbortController().signal;
  const binary = await getTemporalBinary(temporalSources(toolsHome, process.env), tell, signal);
  const [port] = await freePorts(1);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'meridian-temporal-'));
  const settings = { ip: '127.0.0.1', port: port!, uiPort: null, namespace: 'default', store: null };
  const server = await startServer(binary, settings, path.join(folder, 'server.log'), signal);
  const untie = tieToUs(server.pid);
  const connection = await Connection.connect({ address: server.address });
  await registerSearchAttributes(connection, 'default');
  await connection.close();
  return {
    address: server.address,
    async stop() {
      untie();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Ends the server when this process ends without stopping it: a watcher holds the other end of a pipe. Answers how to call that off. */
function tieToUs(pid: number): () => void {
  const watcher = spawn('sh', ['-c', 'cat > /dev/null; kill "$0"', String(pid)], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  watcher.unref();
  (watcher.stdin as unknown as Socket).unref();
  return () => void process.kill(-watcher.pid!, 'SIGKILL');
}
