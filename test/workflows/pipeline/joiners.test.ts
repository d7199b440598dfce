import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onlySydney, openStage, type Scene, type Stage } from '../../support/stage.js';
import { temporalAddress } from '../../support/temporal.js';
import { waitFor } from '../../support/wait-for.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage(temporalAddress());
});
afterAll(() => stage.close());

const sydneyAndFrankfurt = { lifecycle: [{ environment: 'production', waves: [['sydney'], ['frankfurt']] }] };

const shipWhole = async (scene: Scene, version: string): Promise<void> => {
  const { rollout } = await scene.ship(version);
  expect((await scene.untilEnded(rollout)).status).toBe('succeeded');
};
const nothingOwed = (scene: Scene) => waitFor('nothing to be owed', async () => (await scene.pipeline()).owed.length === 0);

describe('a region that joins an environment', () => {
  it('gets what the others run, by a rollout of its own that nobody has asked for', async () => {
    const scene = stage.scene();
    await scene.apply(onlySydney);
    await shipWhole(scene, '1.1.0');
    await scene.apply(sydneyAndFrankfurt);
    await nothingOwed(scene);
    expect(await scene.untilEnded(`${scene.name}-2`)).toMatchObject({ status: 'succeeded', startedBy: 'meridian', release: '1.1.0', overrides: [] });
    expect(scene.world.told('deploy')).toEqual(['production/sydney:1.1.0', 'production/frankfurt:1.1.0']);
  });

  it('is not shipped the same again and again when it fails', async () => {
    const scene = stage.scene();
    await scene.apply(onlySydney);
    await shipWhole(scene, '1.1.0');
    scene.world.trouble.set('production/frankfurt', (verb) => {
      if (verb === 'deploy') throw new Error('no disk left');
    });
    await scene.apply({ ...sydneyAndFrankfurt, target: { type: 'webhook', url: 'http://127.0.0.1/hook', deadline: '3s' } });
    const joining = `${scene.name}-2`;
    await waitFor('the rollout of the joiner', async () => (await scene.pipeline()).locks.production === joining);
    await scene.untilPerson(joining);
    await scene.decide(joining, 'abort', { reason: 'it has no disk' });
    await scene.untilEnded(joining);
    await waitFor('its environments to be free', async () => Object.keys((await scene.pipeline()).locks).length === 0);
    const { rollout } = await scene.ship('1.2.0', { to: 'production', startAt: new Date(Date.now() + 86_400_000).toISOString() });
    expect(rollout).toBe(`${scene.name}-3`); // no number was given in between
    expect((await scene.pipeline()).owed).toEqual([{ environment: 'production', region: 'frankfurt' }]);
    await scene.decide(rollout, 'abort', { reason: 'over' });
  });

  it('waits for the variables that it lacks, until a document gives them', async () => {
    const scene = stage.scene();
    const currency = (...regions: string[]) => ({ variables: [{ name: 'CURRENCY', required: true, values: regions.map((region) => ({ value: 'EUR', region })) }] });
    await scene.apply({ ...onlySydney, ...currency('sydney') });
    await shipWhole(scene, '1.1.0');
    await scene.apply({ ...sydneyAndFrankfurt, ...currency('sydney') });
    expect(await scene.pipeline()).toMatchObject({ locks: {}, queue: [], owed: [{ region: 'frankfurt' }] });
    await scene.apply({ ...sydneyAndFrankfurt, ...currency('sydney', 'frankfurt') });
    await nothingOwed(scene);
    expect(scene.world.told('deploy')).toEqual(['production/sydney:1.1.0', 'production/frankfurt:1.1.0']);
  });
});
