import { randomUUID } from 'node:crypto';
import { activityInfo } from '@temporalio/activity';
import { WithStartWorkflowOperation } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createActivities } from '../../activities/index.js';
import { calendarWorkflowId, pipelineWorkflowId, rolloutWorkflowId } from '../../src/rollout/ids.js';
import type { FreezeScope } from '../../src/rollout/schema/freeze.js';
import { ShipOptions } from '../../src/rollout/schema/ship.js';
import { installRuntime } from '../../src/temporal-runtime.js';
import { applyUpdate, startRolloutUpdate } from '../../workflows/messages/pipeline.js';
import { freezeUpdate } from '../../workflows/messages/calendar.js';
import type { RolloutView } from '../../workflows/messages/rollout.js';
import type { pipeline } from '../../workflows/pipeline.js';
import { soakQueueOf } from '../../workflows/task-queues.js';
import { fakeDependencies, FakeWorld, healthy, sick } from '../support/fake-world.js';
import { documentFor } from '../support/stage.js';
import { bundleForTimeSkipping, timeSkippingEnvironment } from '../support/time-skipping.js';

// Days pass in seconds here. The server can be had where there are Java and Maven; .ci/run requires it.
installRuntime({ logLevel: 'silent' });
const environment = await timeSkippingEnvironment();

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** Between two looks at most: twenty minutes, and a tenth of it by chance. */
const lookMs = 23 * minuteMs;
/** A step of an activity takes real time, in which the skipped clock goes on. */
const toleranceMs = 20_000;

/** Against hanging on a loaded machine, no claim about speed. */
const patienceMs = 240_000;

interface ChanceFreeze {
  scope: 'all' | { environments?: string[]; regions?: string[] };
  fromMinute: number;
  minutes: number;
}

const freezes = fc.array(
  fc.record({
    scope: fc.constantFrom<ChanceFreeze['scope']>('all', { environments: ['production'] }, { environments: ['staging'] }, { regions: ['sydney'] }, { regions: ['frankfurt', 'virginia'] }),
    fromMinute: fc.integer({ min: 0, max: 400 }),
    minutes: fc.integer({ min: 20, max: 400 }),
  }),
  { minLength: 1, maxLength: 4 },
);

/** Sydney soaks through the second hour: this one comes upon it there. */
const uponSydney = fc.record({
  scope: fc.constantFrom<ChanceFreeze['scope']>('all', { environments: ['production'] }, { regions: ['sydney'] }),
  fromMinute: fc.integer({ min: 62, max: 110 }),
  minutes: fc.integer({ min: 60, max: 400 }),
});

const covers = (scope: FreezeScope, place: { environment: string; region: string }): boolean =>
  scope === 'all' || ((scope.environments?.includes(place.environment) ?? true) && (scope.regions?.includes(place.region) ?? true));

describe.skipIf(environment === undefined)('whatever is frozen while a rollout runs (needs the time-skipping Temporal server)', () => {
  const env = environment as TestWorkflowEnvironment;
  const taskQueue = `freezes-${randomUUID().slice(0, 8)}`;
  const worlds = new Map<string, FakeWorld>();
  let running: Promise<unknown>;
  let workers: Worker[];

  beforeAll(async () => {
    const activities = {
      // The judge's clock is the server's.
      ...createActivities({ ...fakeDependencies((name) => worlds.get(name)!, env.client), now: () => activityInfo().currentAttemptScheduledTimestampMs }),
      openPipelines: async () => [], // this server knows no visibility; pipelines subscribe
    };
    const workflowBundle = await bundleForTimeSkipping(new URL('../../workflows/index.ts', import.meta.url));
    workers = await Promise.all([
      Worker.create({ connection: env.nativeConnection, taskQueue, workflowBundle, activities }),
      Worker.create({ connection: env.nativeConnection, taskQueue: soakQueueOf(taskQueue), activities }),
    ]);
    running = Promise.all(workers.map((worker) => worker.run()));
  });
  afterAll(async () => {
    workers.forEach((worker) => worker.shutdown());
    await running;
    await env.teardown();
  });

  /** Ships through staging and production under these freezes; the view at the end, and the freezes as they were. */
  async function shipUnder(plans: ChanceFreeze[], bad?: { place: string; afterLooks: number }): Promise<{ end: RolloutView; world: FakeWorld; frozen: { scope: FreezeScope; fromMs: number; toMs: number }[] }> {
    const name = `shop-${randomUUID().slice(0, 8)}`;
    const world = new FakeWorld();
    worlds.set(name, world);
    let looks = 0;
    if (bad) world.metrics.set(`${bad.place}@1.1.0`, () => (looks++ < bad.afterLooks ? healthy : sick));
    const document = documentFor(name, {
      soak: { min: '1h', max: '3h', interval: '20m', minSamples: 100 }, policy: { onRegression: 'rollback' },
    });
    const entity = env.client.workflow.getHandle(pipelineWorkflowId(name));
    await env.client.workflow.executeUpdateWithStart(applyUpdate, {
      args: [{ document, by: 'ana' }],
      startWorkflowOperation: new WithStartWorkflowOperation<typeof pipeline>('pipeline', {
        workflowId: pipelineWorkflowId(name), taskQueue, args: [{ name }], workflowIdConflictPolicy: 'USE_EXISTING',
      }),
    });
    const nowMs = await env.currentTimeMs();
    const frozen = plans.map(({ scope, fromMinute, minutes }) =>
      ({ scope, fromMs: nowMs + fromMinute * minuteMs, toMs: nowMs + (fromMinute + minutes) * minuteMs }));
    for (const [index, { scope, fromMs, toMs }] of frozen.entries()) {
      const request = {
        scope: scope === 'all' ? { pipelines: [name] } : { ...scope, pipelines: [name] },
        from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString(), reason: 'by chance',
      };
      await env.client.workflow.executeUpdateWithStart(freezeUpdate, {
        args: [{ name: `${name}-${index}`, by: 'chance', request }],
        startWorkflowOperation: new WithStartWorkflowOperation('calendar', {
          workflowId: calendarWorkflowId, taskQueue, args: [], workflowIdConflictPolicy: 'USE_EXISTING',
        }),
      });
    }
    const { rollout } = await entity.executeUpdate(startRolloutUpdate, { args: [{ release: { version: '1.1.0' }, options: ShipOptions.parse({}), by: 'ana', roles: [] }] });
    const end = (await env.client.workflow.getHandle(rolloutWorkflowId(rollout)).result()) as RolloutView;
    return { end, world, frozen };
  }

  it('nothing starts in scope, and each soak takes the time that it would have taken without', async () => {
    await fc.assert(
      fc.asyncProperty(freezes, async (plans) => {
        const { end, frozen } = await shipUnder(plans);
        expect(end.status).toBe('succeeded');
        for (const region of end.regions) {
          const here = frozen.filter(({ scope }) => covers(scope, region));
          const startedMs = Date.parse(region.startedAt!);
          expect(here.filter(({ fromMs, toMs }) => fromMs <= startedMs && startedMs < toMs)).toEqual([]);
          const [fromMs, toMs] = [Date.parse(region.soak!.startedAt), Date.parse(region.finishedAt!)];
          const seconds = Array.from({ length: Math.floor((toMs - fromMs) / 1_000) }, (_, second) => fromMs + second * 1_000);
          const free = seconds.filter((ms) => !here.some((freeze) => freeze.fromMs <= ms && ms < freeze.toMs)).length * 1_000;
          // The judge says at its next look that it is enough; at the one after that where its looks came early.
          expect(region.soak!.credited).toBeGreaterThanOrEqual(hourMs);
          expect(region.soak!.credited).toBeLessThan(hourMs + 2 * lookMs);
          expect(Math.abs(free - region.soak!.credited)).toBeLessThan(toleranceMs);
        }
      }),
      { numRuns: 8, seed: 4, endOnFailure: true },
    );
  }, patienceMs);

  it('every undo runs to its end, and at once: a bad release is gone while its region is frozen', async () => {
    let undoneInFrost = 0;
    await fc.assert(
      fc.asyncProperty(uponSydney, freezes, fc.integer({ min: 0, max: 2 }), async (one, others, afterLooks) => {
        const { end, world, frozen } = await shipUnder([one, ...others.slice(0, 1)], { place: 'production/sydney', afterLooks });
        expect(end.status).toBe('rolled-back');
        expect(world.running.size).toBe(0);
        const [wentBack, wasBack] = [end.timeline.find(({ kind }) => kind === 'undo')!, end.timeline.at(-1)!].map(({ at }) => Date.parse(at));
        expect(wasBack! - wentBack!).toBeLessThan(3 * toleranceMs);
        const here = frozen.filter(({ scope }) => covers(scope, { environment: 'production', region: 'sydney' }));
        if (here.some(({ fromMs, toMs }) => fromMs <= wentBack! && wasBack! < toMs)) undoneInFrost += 1;
      }),
      { numRuns: 8, seed: 4, endOnFailure: true },
    );
    expect(undoneInFrost).toBeGreaterThan(0);
  }, patienceMs);
});
