import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rolloutWorkflowId } from '../../../src/rollout/ids.js';
import { onlySydney, openStage, type Stage } from '../../support/stage.js';
import { temporalAddress } from '../../support/temporal.js';
import { waitFor } from '../../support/wait-for.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage(temporalAddress());
});
afterAll(() => stage.close());

const longSoak = { soak: { min: '1h', max: '2h', interval: '1s', minSamples: 100 } };
const memoOf = async (rollout: string) =>
  (await stage.client.workflow.getHandle(rolloutWorkflowId(rollout)).describe()).memo as { rollout: { status: string; why: string } };

describe('a newer rollout where the policy says supersede', () => {
  it('puts those out that wait in line, takes over from the one that runs, and walks the regions anew', async () => {
    const scene = stage.scene();
    await scene.apply({ ...onlySydney, ...longSoak, policy: { overlap: 'supersede' } });
    const { rollout: first } = await scene.ship('1.1.0');
    await scene.untilRegion(first, 'production/sydney', 'soaking');
    await scene.decide(first, 'pause', { reason: 'the second shall wait in line' });
    const { rollout: second } = await scene.ship('1.2.0');
    const { rollout: third } = await scene.ship('1.3.0');
    expect(await scene.untilEnded(second)).toMatchObject({ status: 'superseded', supersededBy: third });
    expect((await scene.view(first)).status).toBe('paused');
    await scene.decide(first, 'resume');
    expect(await scene.untilEnded(first)).toMatchObject({ status: 'superseded', supersededBy: third });
    await scene.untilRegion(third, 'production/sydney', 'soaking');
    expect(scene.world.told('deploy')).toEqual(['production/sydney:1.1.0', 'production/sydney:1.3.0']);
    await scene.decide(third, 'abort', { reason: 'over' });
  });
});

describe('a hot-fix', () => {
  it('takes over from the one that runs and goes before those in line, whatever the policy says', async () => {
    const scene = stage.scene();
    await scene.apply({ ...onlySydney, ...longSoak, policy: { overlap: 'queue', hotfix: { soak: '5m' } } });
    const { rollout: first } = await scene.ship('1.1.0');
    await scene.untilRegion(first, 'production/sydney', 'soaking');
    const { rollout: second } = await scene.ship('1.2.0');
    const { rollout: hotfix } = await scene.ship('1.1.1', { lane: 'hotfix', reason: 'the shop is down' });
    expect(await scene.untilEnded(first)).toMatchObject({ status: 'superseded', supersededBy: hotfix });
    await scene.untilRegion(hotfix, 'production/sydney', 'soaking');
    expect(await scene.view(second)).toMatchObject({ status: 'queued', why: `Queued behind ${hotfix} until it ends.` });
    for (const rollout of [second, hotfix]) await scene.decide(rollout, 'abort', { reason: 'over' });
  });
});

describe('a scheduled rollout', () => {
  it('holds nothing until its time has come; then it gets its place in line', async () => {
    const scene = stage.scene();
    await scene.apply({ ...onlySydney, ...longSoak });
    const startAt = new Date(Date.now() + 5_000).toISOString();
    const { rollout: later } = await scene.ship('1.1.0', { startAt });
    expect((await memoOf(later)).rollout).toMatchObject({ status: 'scheduled', startAt });
    expect(await scene.pipeline()).toMatchObject({ locks: {}, queue: [] });
    const { rollout: now } = await scene.ship('1.2.0');
    await scene.until(now, 'running');
    await waitFor('its place in line', async () => (await scene.pipeline()).queue.includes(later));
    await waitFor('to be told whom it waits for', async () => (await scene.view(later)).why === `Queued behind ${now} until it ends.`);
    await scene.decide(now, 'abort', { reason: 'make room' });
    await scene.untilRegion(later, 'production/sydney', 'soaking');
    await scene.decide(later, 'abort', { reason: 'over' });
  });
});
