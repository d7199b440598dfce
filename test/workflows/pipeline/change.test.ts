import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pipelineWorkflowId } from '../../../src/rollout/ids.js';
import { revokeUpdate, type RevokeRequest } from '../../../workflows/messages/pipeline.js';
import { openStage, type Scene, type Stage } from '../../support/stage.js';
import { temporalAddress } from '../../support/temporal.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage(temporalAddress());
});
afterAll(() => stage.close());

const twoPhases = { lifecycle: [{ environment: 'staging', waves: [['frankfurt']] }, { environment: 'production', waves: [['sydney']] }] };
const revoke = ({ name }: Scene, request: Partial<RevokeRequest>, updateId?: string) =>
  stage.client.workflow.getHandle(pipelineWorkflowId(name)).executeUpdate(revokeUpdate, {
    args: [{ release: '1.1.0', reason: 'it lost an order', by: 'ben', ...request }], ...(updateId !== undefined && { updateId }),
  });

describe('a release that a person takes back', () => {
  it('is no longer verified there: its next walk begins there again, and no undo puts it back', async () => {
    const scene = stage.scene();
    await scene.apply(twoPhases);
    await scene.ship('1.1.0', { to: 'staging' }).then(({ rollout }) => scene.untilEnded(rollout));
    expect(await revoke(scene, { environment: 'staging' }, 'once')).toEqual({ places: ['staging/frankfurt'] });
    expect(await revoke(scene, { environment: 'staging' }, 'once')).toEqual({ places: ['staging/frankfurt'] });
    expect(await revoke(scene, {}, 'twice')).toEqual({ places: [] });
    expect((await scene.pipeline()).board[0]).toMatchObject({ environment: 'staging', release: '1.1.0', verified: false, lastKnownGood: null });
    const { rollout } = await scene.ship('1.1.0');
    expect((await scene.untilEnded(rollout)).regions.map(({ environment }) => environment)).toEqual(['staging', 'production']);
  });

  it('must be known', async () => {
    const scene = stage.scene();
    await scene.apply(twoPhases);
    await expect(revoke(scene, { release: '9.9.9' })).rejects.toMatchObject({ cause: { type: 'ReleaseUnknown' } });
  });
});

describe('a region that a person drains', () => {
  it('must be there; the others are answered with it', async () => {
    const scene = stage.scene();
    await scene.apply();
    await expect(scene.drain('oslo', 'disks')).rejects.toMatchObject({ cause: { type: 'InvalidRequest' } });
    await scene.drain('sydney', 'disks');
    expect(await scene.drain('virginia', 'network')).toEqual({ drained: { sydney: 'ben: disks', virginia: 'ben: network' } });
    expect(await scene.drain('sydney', null)).toEqual({ drained: { virginia: 'ben: network' } });
    expect((await scene.pipeline()).board.filter(({ drained }) => drained !== null).map(({ region, drained }) => [region, drained])).toEqual([['virginia', 'ben: network']]);
  });
});
