// The worker of the benchmark, a process of its own: the real activities in the real world, on the two task queues of src/worker.ts.
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { createActivities } from '../../activities/index.js';
import { loadConfig } from '../../src/config.js';
import { installRuntime } from '../../src/temporal-runtime.js';
import { temporalSettings } from '../../src/temporal.js';
import { worldOf } from '../../src/world.js';
import { soakQueueOf } from '../../workflows/task-queues.js';

const config = loadConfig();
const logger = installRuntime(config);
const { connection: options, native, namespace } = temporalSettings(config);
const connection = await NativeConnection.connect(native);
const client = new Client({ connection: await Connection.connect(options), namespace });
const { watchSoak } = createActivities(worldOf(config, client, logger));

const workers = await Promise.all([
  Worker.create({ connection, namespace, taskQueue: config.taskQueue, workflowsPath: fileURLToPath(new URL('./soaking.ts', import.meta.url)) }),
  Worker.create({ connection, namespace, taskQueue: soakQueueOf(config.taskQueue), activities: { watchSoak } }),
]);
process.stdout.write('ready\n');
await Promise.all(workers.map((worker) => worker.run()));
