import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onlyProduction, onlySydney, openStage, type Stage } from '../support/stage.js';
import { temporalAddress } from '../support/temporal.js';
import { waitFor } from '../support/wait-for.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage(temporalAddress());
});
afterAll(() => stage.close());

const longSoak = { soak: { min: '1h', max: '2h', interval: '1s', minSamples: 100 } };

describe('a pipeline', () => {
  it('keeps revisions, and the same document again is no new one', async () => {
    const scene = stage.scene();
    expect(await scene.apply()).toMatchObject({ created: true, changed: true, revision: 1 });
    expect(await scene.apply()).toMatchObject({ created: false, changed: false, revision: 1 });
    expect(await scene.apply(onlySydney)).toMatchObject({ created: false, changed: true, revision: 2 });
  });

  it('adopts what already runs in its regions: that is what an undo puts back', async () => {
    const scene = stage.scene();
    scene.world.running.set('production/sydney', { version: '1.0.0' });
    await scene.apply(onlyProduction);
    const board = await waitFor('the board to be known', async () => {
      const { board: cells } = await scene.pipeline();
      return cells.every(({ status }) => status !== 'unknown') && cells;
    });
    expect(board.map((cell) => [cell.region, cell.release, cell.lastKnownGood, cell.status, cell.verified])).toEqual([
      ['sydney', '1.0.0', '1.0.0', 'live', false], ['frankfurt', null, null, 'empty', false], ['virginia', null, null, 'empty', false],
    ]);
  });

  it('gives an environment to one rollout at a time: the others wait in line and name the holder', async () => {
    const scene = stage.scene();
    await scene.apply({ ...onlySydney, ...longSoak });
    const rollouts = await Promise.all(['1.1.0', '1.2.0', '1.3.0'].map((version) => scene.ship(version)));
    const [first, second, third] = rollouts.map(({ rollout }) => rollout).toSorted();
    await scene.untilRegion(first!, 'production/sydney', 'soaking');
    expect(await scene.view(second!)).toMatchObject({ status: 'queued', why: `Queued behind ${first} until it ends.` });
    expect((await scene.view(third!)).why).toBe(`Queued behind ${first} until it ends.`);
    expect(await scene.pipeline()).toMatchObject({ locks: { production: first }, queue: [second, third] });
    await scene.decide(second!, 'abort', { reason: 'no longer wanted' });
    await waitFor('the second to leave the line', async () => (await scene.pipeline()).queue.join() === third);
    await scene.decide(first!, 'abort', { reason: 'make room' });
    await scene.untilRegion(third!, 'production/sydney', 'soaking');
    expect(scene.world.told('deploy')).toHaveLength(2);
    await scene.decide(third!, 'abort', { reason: 'over' });
  });

  it('frees the environments of a rollout that was terminated, when the next one comes', async () => {
    const scene = stage.scene();
    await scene.apply({ ...onlySydney, ...longSoak });
    const { rollout: first } = await scene.ship('1.1.0');
    await scene.untilRegion(first, 'production/sydney', 'soaking');
    await stage.client.workflow.getHandle(`rollout/${first}`).terminate('by a person');
    const { rollout: second } = await scene.ship('1.2.0');
    await scene.until(second, 'running');
    await scene.decide(second, 'abort', { reason: 'over' });
  });

  it('refuses a busy environment where the policy says reject, naming the holder', async () => {
    const scene = stage.scene();
    await scene.apply({ ...onlySydney, ...longSoak, policy: { overlap: 'reject' } });
    const { rollout } = await scene.ship('1.1.0');
    await scene.until(rollout, 'running');
    await expect(scene.ship('1.2.0')).rejects.toMatchObject({ cause: { type: 'EnvironmentBusy', message: expect.stringContaining(rollout) as string } });
    await scene.decide(rollout, 'abort', { reason: 'over' });
  });

  it('walks only what is not yet verified, and has nothing to do when all is', async () => {
    const scene = stage.scene();
    await scene.apply();
    await scene.ship('1.1.0', { to: 'staging' }).then(({ rollout }) => scene.untilEnded(rollout));
    expect(scene.world.told('deploy')).toEqual(['staging/frankfurt:1.1.0']);
    await scene.ship('1.1.0').then(({ rollout }) => scene.untilEnded(rollout));
    expect(scene.world.told('deploy').filter((deed) => deed.startsWith('staging'))).toHaveLength(1);
    await expect(scene.ship('1.1.0')).rejects.toMatchObject({ cause: { type: 'NothingToDo' } });
  });

  it('lets no release skip a phase where it was taken back while it waited in line', async () => {
    const scene = stage.scene();
    await scene.apply({ lifecycle: [{ environment: 'staging', waves: [['frankfurt']] }, { environment: 'production', waves: [['sydney']], soak: { min: '1h', max: '2h' } }] });
    const { rollout: first } = await scene.ship('1.1.0');
    await scene.untilRegion(first, 'production/sydney', 'soaking');
    const { rollout: second } = await scene.ship('1.1.0');
    expect((await scene.view(second)).regions.map(({ environment }) => environment)).toEqual(['production']);
    await scene.decide(first, 'rollback', { reason: 'it is bad, in staging too' });
    expect(await scene.untilEnded(second)).toMatchObject({ status: 'failed', failure: { code: 'PhaseNotVerified' } });
    expect(scene.world.told('deploy')).toEqual(['staging/frankfurt:1.1.0', 'production/sydney:1.1.0']);
  });

  it('refuses a known version with another content: a release never changes', async () => {
    const scene = stage.scene();
    await scene.apply(onlySydney);
    await scene.ship({ version: '1.1.0', config: { COLOUR: 'red' } }).then(({ rollout }) => scene.untilEnded(rollout));
    await expect(scene.ship({ version: '1.1.0', config: { COLOUR: 'blue' } })).rejects.toMatchObject({ cause: { type: 'ReleaseChanged' } });
  });

  it('gives the same rollout to the same request, however often it is sent', async () => {
    const scene = stage.scene();
    await scene.apply({ ...onlySydney, ...longSoak });
    const answers = await Promise.all([1, 2, 3].map(() => scene.ship('1.1.0', { updateId: 'key-1', fingerprint: 'abc' })));
    expect(new Set(answers.map(({ rollout }) => rollout)).size).toBe(1);
    expect(answers[2]).toMatchObject({ fingerprint: 'abc' });
    await scene.decide(answers[0]!.rollout, 'abort', { reason: 'over' });
  });
});
