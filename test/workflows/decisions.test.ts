import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sick } from '../support/fake-world.js';
import { onlyProduction, onlySydney, openStage, type Stage } from '../support/stage.js';
import { temporalAddress } from '../support/temporal.js';
import { waitFor } from '../support/wait-for.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage(temporalAddress());
});
afterAll(() => stage.close());

const longSoak = { soak: { min: '1h', max: '2h', interval: '1s', minSamples: 100 } };

/** The code and message that an update was refused with. */
async function refusal(answer: Promise<unknown>): Promise<{ code: string | null | undefined; message: string }> {
  const error = await answer.then(() => undefined, (thrown: unknown) => thrown);
  if (!(error instanceof WorkflowUpdateFailedError) || !(error.cause instanceof ApplicationFailure)) throw new Error('was not refused', { cause: error });
  return { code: error.cause.type, message: error.cause.message };
}

describe('pause and resume', () => {
  it('stops the soak clock, starts nothing new, and goes on where it was', async () => {
    const scene = stage.scene();
    await scene.apply({ ...onlySydney, soak: { min: '6s', max: '30s', interval: '1s', minSamples: 100 } });
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilRegion(rollout, 'production/sydney', 'soaking');
    const { rollout: paused } = await scene.decide(rollout, 'pause', { reason: 'lunch' });
    expect(paused).toMatchObject({ status: 'paused', why: 'Paused by ben (lunch) until somebody resumes it; the watch goes on.' });
    const region = stage.client.workflow.getHandle(`rollout/${rollout}/production/sydney`);
    const clock = await waitFor('the clock to stand still', async () => {
      const { soak } = await region.query<{ soak?: { credited: number; countingSince: string | null } }>('status');
      return soak && soak.countingSince === null ? soak.credited : undefined;
    });
    await new Promise((resolve) => setTimeout(resolve, 7_000)); // longer than the whole soak
    expect((await region.query<{ soak: { credited: number } }>('status')).soak.credited).toBe(clock);
    expect((await scene.view(rollout)).regions[0]?.status).toBe('soaking');
    await scene.decide(rollout, 'resume');
    expect((await scene.untilEnded(rollout)).status).toBe('succeeded');
  });

  it('keeps watching while it is paused: a regression is undone all the same', async () => {
    const scene = stage.scene();
    await scene.apply({ ...onlyProduction, ...longSoak });
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilRegion(rollout, 'production/sydney', 'soaking');
    await scene.decide(rollout, 'pause');
    scene.world.metrics.set('production/sydney@1.1.0', () => sick);
    const held = await scene.untilRegion(rollout, 'production/sydney', 'rolled-back');
    expect(held).toMatchObject({ status: 'held', failure: { code: 'RegionRegressed' } });
    expect(scene.world.running.size).toBe(0);
    await scene.decide(rollout, 'abort', { reason: 'bad' });
  });

  it('takes the same decisions by signal, with what little the Temporal UI may send', async () => {
    const scene = stage.scene();
    await scene.apply({ ...onlySydney, ...longSoak });
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilRegion(rollout, 'production/sydney', 'soaking');
    await scene.signal(rollout, 'pause');
    expect((await scene.until(rollout, 'paused')).timeline.at(-1)).toMatchObject({ kind: 'decision', by: 'someone in the Temporal UI', text: 'pause' });
    await scene.signal(rollout, 'resume', { by: 'ana', reason: 'all well' });
    await scene.until(rollout, 'running');
    await scene.signal(rollout, 'retry', { by: 'ana' });
    const refused = await waitFor('the refusal', async () => (await scene.view(rollout)).timeline.find(({ kind }) => kind === 'refused'));
    expect(refused).toMatchObject({ by: 'ana' });
    expect(refused.text).toContain('retry makes no sense now: the rollout is running');
    await scene.signal(rollout, 'abort', { by: 'ana', reason: 'enough' });
    expect((await scene.untilEnded(rollout)).status).toBe('aborted');
  });
});

describe('a decision', () => {
  it('that makes no sense now is refused with what can be done instead, and changes nothing', async () => {
    const scene = stage.scene();
    await scene.apply({ ...onlySydney, ...longSoak });
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilRegion(rollout, 'production/sydney', 'soaking');
    const before = await scene.view(rollout);
    expect(await refusal(scene.decide(rollout, 'resume'))).toEqual({
      code: 'DecisionRefused', message: 'resume makes no sense now: the rollout is running. You can: pause, rollback, abort.',
    });
    expect(await refusal(scene.decide(rollout, 'abort'))).toMatchObject({ code: 'InvalidRequest' });
    expect(await scene.view(rollout)).toEqual(before);
    await scene.decide(rollout, 'abort', { reason: 'over' });
    await scene.untilEnded(rollout);
  });

  it('that is sent twice under one key takes effect once', async () => {
    const scene = stage.scene();
    await scene.apply({ ...onlySydney, ...longSoak });
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilRegion(rollout, 'production/sydney', 'soaking');
    await Promise.all([1, 2, 3].map(() => scene.decide(rollout, 'pause', { reason: 'once' }, 'the-key')));
    const pauses = (await scene.view(rollout)).timeline.filter(({ kind, text }) => kind === 'decision' && text === 'pause: once');
    expect(pauses).toHaveLength(1);
    await scene.decide(rollout, 'abort', { reason: 'over' });
  });
});

describe('abort and rollback', () => {
  it('abort keeps the healthy regions and takes back the one that was half-way', async () => {
    const scene = stage.scene();
    await scene.apply({ lifecycle: [{ environment: 'staging', waves: [['frankfurt']] }, { environment: 'production', soak: { min: '1h', max: '2h' } }] });
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilRegion(rollout, 'production/sydney', 'soaking');
    await scene.decide(rollout, 'abort', { reason: 'not today' });
    const end = await scene.untilEnded(rollout);
    expect(end).toMatchObject({ status: 'aborted', why: 'Aborted by ben (not today): kept in staging/frankfurt; undone in production/sydney.' });
    expect([...scene.world.running.keys()]).toEqual(['staging/frankfurt']);
  });

  it('rollback undoes every region, the last wave first, to what each ran before', async () => {
    const scene = stage.scene();
    await scene.apply();
    await scene.ship('1.0.0').then(({ rollout }) => scene.untilEnded(rollout));
    await scene.apply({ lifecycle: [
      { environment: 'staging', waves: [['frankfurt']] },
      { environment: 'production', waves: [['sydney'], ['frankfurt', 'virginia']], regionGates: [] },
      { environment: 'drills', waves: [['sydney']], soak: { min: '1h', max: '2h' } },
    ] });
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilRegion(rollout, 'drills/sydney', 'soaking');
    await scene.decide(rollout, 'rollback', { reason: 'a customer called' });
    const end = await scene.untilEnded(rollout);
    expect(end.status).toBe('rolled-back');
    const undone = scene.world.told('undo');
    expect(undone[0]).toBe('drills/sydney:null');
    expect(undone.slice(1, 3).toSorted()).toEqual(['production/frankfurt:1.0.0', 'production/virginia:1.0.0']);
    expect(undone.slice(3)).toEqual(['production/sydney:1.0.0', 'staging/frankfurt:1.0.0']);
    const { board, releases } = await scene.pipeline();
    expect(board.filter(({ environment }) => environment !== 'drills').map(({ release }) => release)).toEqual(Array(4).fill('1.0.0'));
    expect(releases.find(({ release }) => release.version === '1.1.0')?.verified).toEqual({});
  });

  it('cancelling the workflow from outside is an abort that undoes what was half-way', async () => {
    const scene = stage.scene();
    await scene.apply({ ...onlySydney, ...longSoak });
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilRegion(rollout, 'production/sydney', 'soaking');
    await stage.client.workflow.getHandle(`rollout/${rollout}`).cancel();
    expect((await scene.untilEnded(rollout)).status).toBe('aborted');
    expect(scene.world.running.size).toBe(0);
  });
});
