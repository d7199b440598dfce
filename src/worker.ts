import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import { createActivities, type Activities } from '../activities/index.js';
import type { Dependencies } from '../activities/dependencies.js';
import { soakQueueOf } from '../workflows/task-queues.js';
import { keepCalendar } from './keep-calendar.js';
import type { Config } from './config.js';
import { temporalSettings } from './temporal.js';
import { installRuntime } from './temporal-runtime.js';
import { worldOf } from './world.js';

export interface RunningWorker {
  /** Settles when the worker has ended: after `shutdown`, or with the error that ended it. */
  closed: Promise<void>;
  /** Finishes what is in hand, gives the rest back to Temporal, and closes the connections. */
  shutdown(): Promise<void>;
}

/** Long enough for a look or a short step to end by itself; what is longer is given back, and goes on elsewhere. */
const grace = { shutdownGraceTime: '5 seconds', shutdownForceTime: '20 seconds' } as const;

/**
 * Starts a worker: workflows and steps on the task queue, the watches of soaks and gates on their own. Sees to it that there is a
 * calendar. `outside` replaces what the activities work with, for tests.
 */
export async function startWorker(config: Config, outside?: (client: Client) => Dependencies): Promise<RunningWorker> {
  const logger = installRuntime(config);
  const { connection: options, native: nativeOptions, namespace } = temporalSettings(config);
  // One after the other: when nobody is there, the first says so at once, and no second attempt keeps the process waiting.
  const native = await NativeConnection.connect(nativeOptions);
  const connection = await Connection.connect(options);
  const client = new Client({ connection, namespace });
  const activities = createActivities(outside ? outside(client) : worldOf(config, client, logger));
  const common = { connection: native, namespace, ...grace };
  const workers = await Promise.all([
    Worker.create({ ...common, ...(await storyOptions(config, activities)) }),
    Worker.create({ ...common, ...watchOptions(config, activities) }),
  ]);
  const closed = closeAfter(runAll(workers), keepCalendar(client, config.taskQueue, logger), [native, connection]);
  // Whoever holds the worker awaits `closed`; until then its failure must not end the process unheard.
  closed.catch(() => undefined);
  return {
    closed,
    async shutdown() {
      workers.filter((worker) => worker.getState() === 'RUNNING').forEach((worker) => worker.shutdown());
      await closed;
    },
  };
}

async function storyOptions(config: Config, { watchSoak: _soaks, watchGate: _gates, ...activities }: Activities): Promise<WorkerOptions> {
  return {
    taskQueue: config.taskQueue,
    workflowBundle: await bundleWorkflowCode({ workflowsPath: workflowsPath(), logger: new DefaultLogger('WARN') }),
    activities,
    maxConcurrentActivityTaskExecutions: 100,
  };
}

const watchOptions = (config: Config, { watchSoak, watchGate }: Activities): WorkerOptions =>
  ({ taskQueue: soakQueueOf(config.taskQueue), activities: { watchSoak, watchGate } });

/** Runs both until one ends; then the other is stopped too, so that a half-dead worker is never mistaken for a living one. */
async function runAll(workers: Worker[]): Promise<void> {
  const runs = workers.map((worker) => worker.run());
  try {
    await Promise.race(runs);
  } finally {
    workers.filter((worker) => worker.getState() === 'RUNNING').forEach((worker) => worker.shutdown());
    await Promise.all(runs);
  }
}

/** Closes the connections when the work has ended, however it did. */
async function closeAfter(work: Promise<void>, calendar: { stop(): Promise<void> }, connections: { close(): Promise<void> }[]): Promise<void> {
  try {
    await work;
  } finally {
    await calendar.stop();
    await Promise.all(connections.map((connection) => connection.close()));
  }
}

function workflowsPath(): string {
  const source = fileURLToPath(new URL('../workflows/index.ts', import.meta.url));
  if (!existsSync(source)) throw new Error(`The workflows are not where they should be: ${source}. Is the installation complete?`);
  return source;
}
