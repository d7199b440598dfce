import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pipelineWorkflowId } from '../../src/rollout/ids.js';
import { regionChangedSignal } from '../../workflows/messages/pipeline.js';
import { onlySydney, openStage, type Stage } from '../support/stage.js';
import { temporalAddress } from '../support/temporal.js';
import { waitFor } from '../support/wait-for.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage(temporalAddress());
});
afterAll(() => stage.close());

describe('a pipeline whose history has grown long', () => {
  it('begins a new one and forgets nothing: board, releases, line, and the answers it has given', async () => {
    const scene = stage.scene();
    await scene.apply({ ...onlySydney, soak: { min: '1h', max: '2h', interval: '1s', minSamples: 100 } });
    const first = await scene.ship('1.1.0', { updateId: 'the-first', fingerprint: 'abc' });
    const second = await scene.ship('1.2.0');
    await scene.untilRegion(first.rollout, 'production/sydney', 'soaking');
    const handle = stage.client.workflow.getHandle(pipelineWorkflowId(scene.name));
    const { runId } = await handle.describe();
    const before = await scene.pipeline();

    // A run is long at 2,000 events; each report from a region is about two.
    const report = { environment: 'staging', region: 'nowhere', rollout: first.rollout, status: 'live' as const, release: null, verified: false, at: before.updatedAt };
    while ((await handle.describe()).historyLength < 2_000) {
      await Promise.all(Array.from({ length: 50 }, () => handle.signal(regionChangedSignal, report)));
    }
    await waitFor('the new run', async () => (await handle.describe()).runId !== runId);

    expect(await scene.pipeline()).toEqual(before);
    expect(await scene.ship('1.1.0', { updateId: 'the-first', fingerprint: 'abc' })).toEqual(first);
    await scene.decide(first.rollout, 'abort', { reason: 'make room' });
    await scene.untilRegion(second.rollout, 'production/sydney', 'soaking');
    await scene.decide(second.rollout, 'abort', { reason: 'over' });
    await scene.untilEnded(second.rollout);
  });

  it('loses no signal that is on its way: a rollout that is let in at the last moment begins', async () => {
    const scene = stage.scene();
    await scene.apply({ ...onlySydney, soak: { min: '1h', max: '2h', interval: '1s', minSamples: 100 } });
    const handle = stage.client.workflow.getHandle(pipelineWorkflowId(scene.name));
    const { runId } = await handle.describe();
    const report = { environment: 'staging', region: 'nowhere', rollout: `${scene.name}-9`, status: 'live' as const, release: null, verified: false, at: new Date().toISOString() };
    for (let length = 0; length < 1_988; length = (await handle.describe()).historyLength) {
      await Promise.all(Array.from({ length: length < 1_850 ? 50 : 1 }, () => handle.signal(regionChangedSignal, report)));
    }
    // What it takes to start this one is what makes the history long.
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilRegion(rollout, 'production/sydney', 'soaking');
    await waitFor('the new run', async () => (await handle.describe()).runId !== runId);
    await scene.decide(rollout, 'abort', { reason: 'seen' });
    await scene.untilEnded(rollout);
  });
});
