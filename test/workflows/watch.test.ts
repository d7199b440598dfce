import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { watchWorkflowId } from '../../src/rollout/ids.js';
import type { BoardCell } from '../../src/rollout/schema/board.js';
import type { WatchOutcome } from '../../workflows/watch.js';
import { sick } from '../support/fake-world.js';
import { onlySydney, openStage, type Scene, type Stage } from '../support/stage.js';
import { temporalAddress } from '../support/temporal.js';
import { waitFor } from '../support/wait-for.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage(temporalAddress());
});
afterAll(() => stage.close());

const sydney = { environment: 'production', region: 'sydney' };
const watched = (watchAfter: string) => ({ ...onlySydney, soak: { min: '300ms', max: '4s', interval: '1s', minSamples: 100, watchAfter } });
const watchOf = (rollout: string) => stage.client.workflow.getHandle(watchWorkflowId(rollout, sydney));
const outcome = (rollout: string): Promise<WatchOutcome> => watchOf(rollout).result() as Promise<WatchOutcome>;
const cellOf = async (scene: Scene): Promise<BoardCell> => (await scene.pipeline()).board[0]!;

/** 1.1.0 has replaced 1.0.0 in sydney, and is watched on. */
async function shipped(watchAfter = '1h'): Promise<{ scene: Scene; rollout: string }> {
  const scene = stage.scene();
  scene.world.running.set('production/sydney', { version: '1.0.0' });
  await scene.apply(watched(watchAfter));
  await waitFor('what runs there is known', async () => (await cellOf(scene)).release === '1.0.0' || undefined);
  const { rollout } = await scene.ship('1.1.0');
  const end = await scene.untilEnded(rollout);
  expect(end.why).toMatch(/^1\.1\.0 is live and verified in production, and watched on until \d{4}-\d\d-\d\d \d\d:\d\d UTC\.$/);
  return { scene, rollout };
}

describe('after a rollout has succeeded', () => {
  it('its places are watched on: a regression takes back that the release is verified, tells people what to do, and undoes nothing', async () => {
    const { scene, rollout } = await shipped();
    const before = await waitFor('the board to say until when', async () => ((await cellOf(scene)).provisional === undefined ? undefined : cellOf(scene)));
    expect(before).toMatchObject({ release: '1.1.0', verified: true, lastKnownGood: '1.1.0' });
    expect((await watchOf(rollout).describe()).status.name).toBe('RUNNING');
    scene.world.metrics.set('production/sydney@1.1.0', () => sick);
    expect(await outcome(rollout)).toMatchObject({ end: 'regressed' });
    const after = await waitFor('the board to take it back', async () => ((await cellOf(scene)).verified ? undefined : cellOf(scene)));
    expect(after).toMatchObject({ release: '1.1.0', status: 'live', lastKnownGood: '1.0.0' });
    expect(after).not.toHaveProperty('provisional');
    const { releases } = await scene.pipeline();
    expect(releases.find(({ release }) => release.version === '1.1.0')).toMatchObject({ verified: {}, revocations: [{ by: 'meridian', places: ['production/sydney'] }] });
    expect(scene.world.told('undo')).toEqual([]);
    const told = scene.world.notices.filter(({ kind }) => kind === 'regressed').map(({ text }) => text);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(new RegExp(`^1\\.1\\.0 got worse in production/sydney after ${rollout} had succeeded: .*40 % of .* `
      + `It is not verified there any more, and nothing was rolled back\\. To go back to what was good there: meridian ship ${scene.name} 1\\.0\\.0$`));
  });

  it('they are watched no more when their time is over: the release keeps its good name', async () => {
    const { scene, rollout } = await shipped('2s');
    expect(await outcome(rollout)).toEqual({ end: 'time is over', why: '1.1.0 has stayed good' });
    const after = await waitFor('the board to know', async () => ((await cellOf(scene)).provisional === undefined ? cellOf(scene) : undefined));
    expect(after).toMatchObject({ release: '1.1.0', verified: true, lastKnownGood: '1.1.0' });
    expect(scene.world.notices.map(({ kind }) => kind)).toEqual(['succeeded']);
  });

  it('they are watched no more when the next release is put there, or their region is drained', async () => {
    const { scene, rollout } = await shipped();
    const { rollout: next } = await scene.ship('1.2.0');
    expect(await outcome(rollout)).toEqual({ end: 'nothing to watch', why: `${next} changes it` });
    expect((await scene.untilEnded(next)).status).toBe('succeeded');
    await waitFor('the next one to be watched', async () => (await cellOf(scene)).provisional);
    await scene.drain('sydney', 'disk swap');
    expect(await outcome(next)).toEqual({ end: 'nothing to watch', why: 'sydney is drained (ben: disk swap)' });
    expect(await cellOf(scene)).toMatchObject({ release: '1.2.0', verified: true });
  });

  it('somebody may end the watch in Temporal: the board does not go on to promise it', async () => {
    const { scene, rollout } = await shipped();
    await waitFor('the board to say until when', async () => (await cellOf(scene)).provisional);
    await watchOf(rollout).cancel();
    expect(await outcome(rollout)).toMatchObject({ end: 'nothing to watch', why: 'somebody has cancelled the watch in Temporal' });
    await waitFor('the board to know', async () => (await cellOf(scene)).provisional === undefined || undefined);
  });
});
