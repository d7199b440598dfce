import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { getTemporalBinary, temporalSources } from '../../src/embedded/temporal/binary.js';
import { startServer, type TemporalServer } from '../../src/embedded/temporal/server.js';
import { freePorts } from '../../test/support/free-ports.js';
import { toolsHome } from '../../test/support/tools-home.js';
import { cpuSeconds, residentMb, startHelper, type Helper } from './processes.js';
import { soakWork } from './soaks.js';
import type { soaking } from './soaking.js';

export interface LiveSettings {
  soaks: number;
  controls: number;
  intervalSeconds: number;
  /** How long is measured, after every soak has begun. */
  seconds: number;
}

export interface LiveCost {
  /** Looks that were due, and those that the watches took: every region and every control that a look asks, counted by the metrics server. */
  looksDue: number;
  looks: number;
  /** Cores that were busy, on average. */
  workerCores: number;
  serverCores: number;
  /** For one look (ms). */
  workerMs: number;
  workerMb: number;
  /** Events in the history of one soak, at the end. */
  events: number;
}

const taskQueue = 'watched';
const tell = { say: (text: string) => void process.stderr.write(`${text}\n`), progress: () => {} };

/** Real soaks on a real Temporal server and a real worker, watched over HTTP: what they cost while nothing happens. */
export async function liveCost(settings: LiveSettings): Promise<LiveCost> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'meridian-watch-'));
  const server = await startTemporal(folder);
  const helpers: Helper[] = [];
  try {
    const metrics = await startHelper(new URL('./metrics-server.ts', import.meta.url));
    helpers.push(metrics);
    const port = server.address.split(':')[1];
    const worker = await startHelper(new URL('./worker.ts', import.meta.url), { MERIDIAN_TEMPORAL_PORT: port, MERIDIAN_TASK_QUEUE: taskQueue, MERIDIAN_LOG_LEVEL: 'error' });
    helpers.push(worker);
    const metricsUrl = `http://127.0.0.1:${metrics.said}`;
    const connection = await Connection.connect({ address: server.address });
    const client = new Client({ connection });
    await startSoaks(client, settings, metricsUrl);
    const cost = await measure(settings, { worker: worker.pid, server: server.pid, metricsUrl });
    const { historyLength } = await client.workflow.getHandle('soak/0').describe();
    await connection.close();
    return { ...cost, events: historyLength };
  } finally {
    await Promise.all(helpers.map((helper) => helper.stop()));
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function startTemporal(folder: string): Promise<TemporalServer> {
  const signal = new AbortController().signal;
  const binary = await getTemporalBinary(temporalSources(toolsHome, process.env), tell, signal);
  const [port] = await freePorts(1);
  const settings = { ip: '127.0.0.1', port: port!, uiPort: null, namespace: 'default', store: path.join(folder, 'temporal.db') };
  return startServer(binary, settings, path.join(folder, 'server.log'), signal);
}

/** Spread over one interval, as soaks that began at different times are. */
async function startSoaks(client: Client, { soaks, controls, intervalSeconds }: LiveSettings, metricsUrl: string): Promise<void> {
  const began = Date.now();
  for (let index = 0; index < soaks; index += 1) {
    await sleep(Math.max(0, began + (index / soaks) * intervalSeconds * 1_000 - Date.now()));
    const args: Parameters<typeof soaking> = [soakWork(index, { controls, intervalSeconds, metricsUrl })];
    await client.workflow.start<typeof soaking>('soaking', { taskQueue, workflowId: `soak/${index}`, args });
  }
  // What comes first (the history, the first news) is over after some looks.
  await sleep(3 * intervalSeconds * 1_000);
}

interface Measured { worker: number; server: number; metricsUrl: string }

async function measure({ soaks, controls, intervalSeconds, seconds }: LiveSettings, { worker, server, metricsUrl }: Measured): Promise<Omit<LiveCost, 'events'>> {
  const asked = async (): Promise<number> => Number(await (await fetch(`${metricsUrl}/looks`)).text());
  const now = async () => ({ atMs: performance.now(), worker: cpuSeconds(worker), server: cpuSeconds(server), looks: (await asked()) / (1 + controls) });
  const before = await now();
  await sleep(seconds * 1_000);
  const after = await now();
  const elapsed = (after.atMs - before.atMs) / 1_000;
  const looks = after.looks - before.looks;
  return {
    looksDue: Math.round((soaks * elapsed) / intervalSeconds),
    looks: Math.round(looks),
    workerCores: (after.worker - before.worker) / elapsed,
    serverCores: (after.server - before.server) / elapsed,
    workerMs: ((after.worker - before.worker) / looks) * 1_000,
    workerMb: residentMb(worker),
  };
}
