import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStage, type Stage } from '../support/stage.js';
import { temporalAddress } from '../support/temporal.js';
import { waitFor } from '../support/wait-for.js';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage(temporalAddress());
});
afterEach(() => stage.close());

describe('a rollout', () => {
  it('goes on where it was after its worker has gone and another has come', async () => {
    const scene = stage.scene();
    await scene.apply();
    const { rollout } = await scene.ship('1.1.0');
    await waitFor('sydney to be changed', () => scene.world.told('deploy').includes('production/sydney:1.1.0'));
    await stage.stopWorker();
    await stage.startWorker();
    expect((await scene.untilEnded(rollout)).status).toBe('succeeded');
    expect(scene.world.told('deploy')).toEqual([
      'staging/frankfurt:1.1.0', 'production/sydney:1.1.0', 'production/frankfurt:1.1.0', 'production/virginia:1.1.0',
    ]);
  });

  it('can be found by pipeline and release, and tells its story, while no worker is up', async () => {
    const scene = stage.scene();
    await scene.apply({ soak: { min: '1h', max: '2h', interval: '1s', minSamples: 100 } });
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilRegion(rollout, 'staging/frankfurt', 'soaking');
    await stage.stopWorker();
    const { memo, typedSearchAttributes } = await stage.client.workflow.getHandle(`rollout/${rollout}`).describe();
    expect(memo).toMatchObject({ rollout: { id: rollout, release: '1.1.0', status: 'running', phase: 'staging' } });
    expect(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value])).toEqual(expect.arrayContaining([
      ['MeridianPipeline', scene.name], ['MeridianRelease', '1.1.0'], ['MeridianStatus', 'running'], ['MeridianEnvironment', 'staging'],
    ]));
    await stage.startWorker();
    await scene.decide(rollout, 'abort', { reason: 'over' });
  });
});

describe('a soak', () => {
  it('adds no event to the history while it looks again and again', async () => {
    const scene = stage.scene();
    await scene.apply({ lifecycle: [{ environment: 'production', waves: [['sydney']] }], soak: { min: '1h', max: '2h', interval: '1s', minSamples: 100 } });
    let looks = 0;
    scene.world.metrics.set('production/sydney@1.1.0', () => {
      looks += 1;
      return { kind: 'ratio', bad: 0, total: 1 };
    });
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilRegion(rollout, 'production/sydney', 'soaking');
    const handle = stage.client.workflow.getHandle(`rollout/${rollout}/production/sydney`);
    const lengthAfter = async (count: number): Promise<number> => {
      while (looks < count) await new Promise((resolve) => setTimeout(resolve, 50));
      return (await handle.describe()).historyLength;
    };
    const before = await lengthAfter(2);
    expect(await lengthAfter(6)).toBe(before);
    await scene.decide(rollout, 'abort', { reason: 'over' });
  });
});
