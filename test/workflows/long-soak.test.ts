import { randomUUID } from 'node:crypto';
import { WithStartWorkflowOperation } from '@temporalio/client';
import { activityInfo } from '@temporalio/activity';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createActivities } from '../../activities/index.js';
import { pipelineWorkflowId, rolloutWorkflowId } from '../../src/rollout/ids.js';
import { installRuntime } from '../../src/temporal-runtime.js';
import { ShipOptions } from '../../src/rollout/schema/ship.js';
import { applyUpdate, startRolloutUpdate } from '../../workflows/messages/pipeline.js';
import type { RolloutView } from '../../workflows/messages/rollout.js';
import type { pipeline } from '../../workflows/pipeline.js';
import { soakQueueOf } from '../../workflows/task-queues.js';
import { fakeDependencies, FakeWorld } from '../support/fake-world.js';
import { documentFor } from '../support/stage.js';
import { bundleForTimeSkipping, timeSkippingEnvironment } from '../support/time-skipping.js';

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
    // The hours pass on the server: there is the clock by which the looks are taken.
    const now = (): number => activityInfo().currentAttemptScheduledTimestampMs;
    const activities = createActivities({ ...fakeDependencies(() => world, env.client), now });
    const workflowBundle = await bundleForTimeSkipping(new URL('../../workflows/index.ts', import.meta.url));
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

  /** A rollout to sydney alone, to its end; and the length of the history of the region's workflow. */
  async function soak(interval: string): Promise<{ end: RolloutView; events: number }> {
    const name = `shop-${randomUUID().slice(0, 8)}`;
    const document = documentFor(name, { lifecycle: [{ environment: 'production', waves: [['sydney']] }], soak: { min: '6h', max: '8h', interval, minSamples: 100 } });
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
    const { historyLength: events } = await env.client.workflow.getHandle(`${rolloutWorkflowId(rollout)}/production/sydney`).describe();
    return { end, events };
  }

  it('credits the whole time and stays a handful of events long', async () => {
    const { end, events } = await soak('5m');
    expect(end.status).toBe('succeeded');
    const sixHours = 6 * 3_600_000;
    expect(end.regions[0]?.soak).toMatchObject({ decision: 'pass', required: sixHours });
    expect(end.regions[0]?.soak?.credited).toBeGreaterThanOrEqual(sixHours);
    expect(Date.parse(end.finishedAt!) - Date.parse(end.createdAt)).toBeGreaterThanOrEqual(sixHours);
    // 72 looks: a loop that asked by an activity each time would need more than 400 events.
    expect(events).toBeLessThan(120);
  });

  it('is as many events long when it is looked at three times as often', async () => {
    const [seldom, often] = [await soak('5m'), await soak('100s')];
    expect(often.end.regions[0]?.soak?.decision).toBe('pass');
    // A workflow task more or less is the server's doing; a look would be three events at least.
    expect(Math.abs(often.events - seldom.events)).toBeLessThan(12);
  });
});
