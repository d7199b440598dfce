import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { PayloadCodec } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { afterAll, describe, expect, it } from 'vitest';
import { installRuntime } from '../../src/temporal-runtime.js';
import { bundleForTimeSkipping, timeSkippingEnvironment } from '../support/time-skipping.js';
import { waitFor } from '../support/wait-for.js';
import { toldSignal, type untilTold } from './until-told.js';

installRuntime({ logLevel: 'silent' });
const environment = await timeSkippingEnvironment();

describe.skipIf(environment === undefined)('a workflow on the time-skipping server (needs Java and Maven)', () => {
  const env = environment as TestWorkflowEnvironment;
  afterAll(() => env.teardown());

  it('goes on when a timer fires while the task is under way that stops waiting for it', async () => {
    const patienceMs = 4_000;
    let firesByMs = 0;
    // What the task says is on its way until the timer has fired.
    const slow: PayloadCodec = {
      encode: async (payloads) => {
        await waitFor('the timer fires', async () => (await env.currentTimeMs()) > firesByMs);
        await pause(500);
        return payloads;
      },
      decode: async (payloads) => payloads,
    };
    const taskQueue = `told-${randomUUID().slice(0, 8)}`;
    const worker = await Worker.create({
      connection: env.nativeConnection, taskQueue, dataConverter: { payloadCodecs: [slow] },
      workflowBundle: await bundleForTimeSkipping(new URL('until-told.ts', import.meta.url)),
    });
    const cameInTime = await worker.runUntil(async () => {
      const waiting = await env.client.workflow.start<typeof untilTold>('untilTold', { taskQueue, workflowId: taskQueue, args: [patienceMs] });
      await waitFor('the timer runs', async () => (await waiting.fetchHistory()).events?.some(({ timerStartedEventAttributes }) => timerStartedEventAttributes));
      firesByMs = (await env.currentTimeMs()) + patienceMs;
      await waiting.signal(toldSignal);
      return waiting.result();
    });
    expect(cameInTime).toBe(true);
  });
});
