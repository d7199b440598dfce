// Is the worker of this container polling? Asks Temporal who polls the task queue: a worker is known there as <pid>@<host>, and the
// host is this container. Exits with 0 when it was seen in the last two minutes. For the health check of docker-compose.yml.
import { hostname } from 'node:os';
import { Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';

const recently = 120_000;
const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
const connection = await Connection.connect({ ...connectionOptions, connectTimeout: 5_000 });
const { pollers } = await connection.withDeadline(Date.now() + 5_000, () =>
  connection.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: process.env.MERIDIAN_TASK_QUEUE ?? 'meridian' },
  }),
);
await connection.close();

const isPolling = (pollers ?? []).some(
  ({ identity, lastAccessTime }) => identity?.endsWith(`@${hostname()}`) && Date.now() - Number(lastAccessTime?.seconds ?? 0) * 1_000 < recently,
);
console.log(isPolling ? 'the worker polls' : `no worker of ${hostname()} has polled in the last two minutes`);
process.exitCode = isPolling ? 0 : 1;
