import { randomUUID } from 'node:crypto';
import { WithStartWorkflowOperation } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createActivities } from '../../activities/index.js';
import { pipelineWorkflowId, rolloutWorkflowId } from '../../src/rollout/ids.js';
import { installRuntime } from '../../src/temporal-runtime.js';
import { ShipOptions } from '../../src/rollout/schema/ship.js';
import { applyUpdate, startRolloutUpdate, type RolloutView } from '../../workflows/messages.js';
import type { pipeline } from '../../workflows/pipeline.js';
import { soakQueueOf } from '../../workflows/task-queues.js';
import { fakeDependencies, FakeWorld } from '../support/fake-world.js';
import { documentFor } from '../support/stage.js';
import { timeSkippingEnvironment } from '../support/time-skipping.js';

// Hours of soak pass in seconds here. The server can be had where there are Java and Maven; .ci/run requires it.
installRuntime({ logLevel: 'silent' });
const environment = await timeSkippingEnvironment();

describe.skipIf(environment === undefined)('a soak of hours (needs the time-skipping Temporal server)', () => {
  const env = environment as TestWorkflowEnvironment;
  const world = new FakeWorld();
  const taskQueue = `long-${randomUUID().slice(0, 8)}`;
  let running: Promise<void>[];
  let workers: Worker[];

  beforeAll(async () => {
    const activities = createActivities(fakeDependencies(() => world, env.client));
    const workflowBundle = await bundleWorkflowCode({
      workflowsPath: new URL('../../workflows/index.ts', import.meta.url).pathname, logger: new DefaultLogger('WARN'),
    });
    const common = { connection: env.nativeConnection, namespace: 'default', activities };
    workers = [
      await Worker.create({ ...common, taskQueue, workflowBundle }),
      await Worker.create({ ...common, taskQueue: soakQueueOf(taskQueue) }),
    ];
    running = workers.map((worker) => worker.run());
  });
  afterAll(async () => {
    workers.forEach((worker) => worker.shutdown());
    await Promise.all(running);
    await env.teardown();
  });

  it('credits the whole time and stays a handful of events long', async () => {
    const name = `shop-${randomUUID().slice(0, 8)}`;
    const document = documentFor(name, {
      lifecycle: [{ environment: 'production', waves: [['sydney']] }], soak: { min: '6h', max: '8h', interval: '5m', minSamples: 100 },
    });
    const workflowId = pipelineWorkflowId(name);
    await env.client.workflow.executeUpdateWithStart(applyUpdate, {
      args: [{ document, by: 'ana' }],
      startWorkflowOperation: new WithStartWorkflowOperation<typeof pipeline>('pipeline', {
        workflowId, taskQueue, args: [{ name }], workflowIdConflictPolicy: 'USE_EXISTING',
      }),
    });
    const { rollout } = await env.client.workflow.getHandle(workflowId).executeUpdate(startRolloutUpdate, {
      args: [{ release: { version: '1.1.0' }, options: ShipOptions.parse({}), by: 'ana', roles: [] }],
    });
    const end = await env.client.workflow.getHandle(rolloutWorkflowId(rollout)).result() as RolloutView;
    expect(end.status).toBe('succeeded');
    const sixHours = 6 * 3_600_000;
    expect(end.regions[0]?.soak).toMatchObject({ credited: sixHours, required: sixHours });
    expect(Date.parse(end.finishedAt!) - Date.parse(end.createdAt)).toBeGreaterThanOrEqual(sixHours);
    const region = await env.client.workflow.getHandle(`${rolloutWorkflowId(rollout)}/production/sydney`).describe();
    // 72 looks: a loop that asked by an activity each time would need more than 400 events.
    expect(region.historyLength).toBeLessThan(150);
  });
});
