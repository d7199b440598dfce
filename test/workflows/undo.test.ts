import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MeridianFailure } from '../../src/rollout/failure.js';
import { sick } from '../support/fake-world.js';
import { onlySydney, openStage, type Stage } from '../support/stage.js';
import { temporalAddress } from '../support/temporal.js';
import { waitFor } from '../support/wait-for.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage(temporalAddress());
});
afterAll(() => stage.close());

const impatient = { policy: { undoTimeout: '2s' } };
const lost = () => new MeridianFailure('RegionUnreachable', 'connection refused');

describe('the undo of a region', () => {
  it('follows a deploy that failed after its effect took place', async () => {
    const scene = stage.scene();
    await scene.apply(onlySydney);
    scene.world.lostAnswer.set('production/sydney', (verb) => {
      if (verb === 'deploy') throw new MeridianFailure('DeployFailed', 'the answer was: no');
    });
    const { rollout } = await scene.ship('1.1.0');
    const held = await scene.untilPerson(rollout);
    expect(held).toMatchObject({ status: 'held', failure: { code: 'DeployFailed', message: 'the answer was: no' } });
    expect(scene.world.told('undo')).toEqual(['production/sydney:null']);
    expect(scene.world.running.size).toBe(0);
  });

  it('is not needed when a lost answer is asked for again: the same key, the same step', async () => {
    const scene = stage.scene();
    await scene.apply(onlySydney);
    scene.world.lostAnswer.set('production/sydney', (verb, times) => {
      if (verb === 'deploy' && times === 1) throw lost();
    });
    const end = await scene.ship('1.1.0').then(({ rollout }) => scene.untilEnded(rollout));
    expect(end.status).toBe('succeeded');
    const keys = scene.world.deeds.filter(({ verb }) => verb === 'deploy').map(({ key }) => key);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
  });

  it('puts back what is last known good at that moment, not what a rollout saw at its start', async () => {
    const scene = stage.scene();
    await scene.apply(onlySydney);
    for (const version of ['1.0.0', '1.0.1']) await scene.ship(version).then(({ rollout }) => scene.untilEnded(rollout));
    await scene.apply({ ...onlySydney, soak: { min: '1h', max: '2h', interval: '1s', minSamples: 100 } });
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilRegion(rollout, 'production/sydney', 'soaking');
    const { places } = await scene.revoke('1.0.1', 'it lost orders');
    expect(places).toEqual(['production/sydney']);
    scene.world.metrics.set('production/sydney@1.1.0', () => sick);
    await scene.untilRegion(rollout, 'production/sydney', 'rolled-back');
    expect((await scene.view(rollout)).regions[0]).toMatchObject({ previous: '1.0.1', release: '1.0.0' });
    expect(scene.world.versionIn('production/sydney')).toBe('1.0.0');
    await scene.decide(rollout, 'abort', { reason: 'over' });
  });

  it('that fails three times works in the end, without anybody', async () => {
    const scene = stage.scene();
    await scene.apply({ ...onlySydney, policy: { undoTimeout: '2m' } });
    scene.world.metrics.set('production/sydney@1.1.0', () => sick);
    scene.world.trouble.set('production/sydney', (verb, times) => {
      if (verb === 'undo' && times <= 3) throw lost();
    });
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilRegion(rollout, 'production/sydney', 'rolled-back');
    expect(scene.world.running.size).toBe(0);
  });

  it('is tried again until what was put back serves', async () => {
    const scene = stage.scene();
    await scene.apply({ ...onlySydney, policy: { undoTimeout: '2m' } });
    await scene.ship('1.0.0').then(({ rollout }) => scene.untilEnded(rollout));
    await scene.apply({ ...onlySydney, policy: { undoTimeout: '2m' }, soak: { min: '1h', max: '2h', interval: '1s', minSamples: 100 } });
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilRegion(rollout, 'production/sydney', 'soaking');
    let refusals = 2;
    scene.world.trouble.set('production/sydney', (verb) => {
      if (verb === 'verify' && refusals-- > 0) throw new MeridianFailure('VerifyFailed', 'it crashed at its start');
    });
    scene.world.metrics.set('production/sydney@1.1.0', () => sick);
    await scene.untilRegion(rollout, 'production/sydney', 'rolled-back');
    expect(scene.world.told('undo')).toEqual(Array(3).fill('production/sydney:1.0.0'));
    expect(scene.world.told('verify').at(-1)).toBe('production/sydney:1.0.0');
  });

  it('that does not work is stuck, names what remains, and takes retry', async () => {
    const scene = stage.scene();
    await scene.apply({ ...onlySydney, ...impatient });
    scene.world.metrics.set('production/sydney@1.1.0', () => sick);
    scene.world.trouble.set('production/sydney', (verb) => {
      if (verb === 'undo') throw lost();
    });
    const { rollout } = await scene.ship('1.1.0');
    const stuck = await scene.until(rollout, 'stuck');
    expect(stuck.why).toContain('The undo of production/sydney does not work: connection refused');
    await waitFor('people to be told', () => scene.world.notices.some(({ kind }) => kind === 'stuck'));
    scene.world.trouble.clear();
    await scene.decide(rollout, 'retry', { reason: 'the network is back' });
    await scene.untilRegion(rollout, 'production/sydney', 'rolled-back');
    expect(await scene.untilPerson(rollout)).toMatchObject({ status: 'held' });
    expect(scene.world.running.size).toBe(0);
  });

  it('that does not work can be skipped with a reason, which stays on record', async () => {
    const scene = stage.scene();
    await scene.apply({ ...onlySydney, ...impatient });
    scene.world.metrics.set('production/sydney@1.1.0', () => sick);
    scene.world.trouble.set('production/sydney', (verb) => {
      if (verb === 'undo') throw lost();
    });
    const { rollout } = await scene.ship('1.1.0');
    await scene.until(rollout, 'stuck');
    await expect(scene.decide(rollout, 'skip')).rejects.toMatchObject({ cause: { type: 'InvalidRequest' } });
    await scene.decide(rollout, 'skip', { reason: 'the region is being torn down' });
    const held = await scene.untilRegion(rollout, 'production/sydney', 'failed');
    expect(held.regions[0]?.failure?.message).toContain('ben skipped the undo of 1.1.0 in production/sydney: the region is being torn down');
    await scene.decide(rollout, 'abort', { reason: 'done here' });
    expect((await scene.untilEnded(rollout)).why).toContain('left to a person in production/sydney');
  });

  it('that is skipped leaves the release there, but not verified: it does not go on from there', async () => {
    const scene = stage.scene();
    const gate = { name: 'go', type: 'approval', roles: ['any'] };
    await scene.apply({ lifecycle: [{ environment: 'staging', waves: [['frankfurt']] }, { environment: 'production', waves: [['sydney']], gates: [gate] }], ...impatient });
    const { rollout } = await scene.ship('1.1.0');
    await scene.until(rollout, 'waiting');
    scene.world.trouble.set('staging/frankfurt', (verb) => {
      if (verb === 'undo') throw lost();
    });
    await scene.decide(rollout, 'rollback', { reason: 'bad' });
    await scene.until(rollout, 'stuck');
    await scene.decide(rollout, 'skip', { reason: 'by hand' });
    await scene.untilEnded(rollout);
    const { releases, board } = await scene.pipeline();
    expect(releases[0]?.verified).toEqual({});
    expect(board.find(({ environment }) => environment === 'staging')).toMatchObject({ release: '1.1.0', verified: false });
  });

  it('that is stuck asks nobody any more when its workflow is closed by hand: the region is undone with the rollout', async () => {
    const scene = stage.scene();
    await scene.apply({ ...onlySydney, ...impatient });
    scene.world.metrics.set('production/sydney@1.1.0', () => sick);
    scene.world.trouble.set('production/sydney', (verb) => {
      if (verb === 'undo') throw lost();
    });
    const { rollout } = await scene.ship('1.1.0');
    await scene.until(rollout, 'stuck');
    await stage.client.workflow.getHandle(`rollout/${rollout}/production/sydney`).terminate('enough of it');
    expect(await scene.until(rollout, 'held')).toMatchObject({ regions: [{ status: 'failed' }] });
    scene.world.trouble.clear();
    await scene.decide(rollout, 'abort', { reason: 'start over' });
    expect((await scene.untilEnded(rollout)).status).toBe('aborted');
    expect(scene.world.running.size).toBe(0);
  });
});

describe('the rollback of a rollout', () => {
  it('goes on in every other region while one of them is stuck', async () => {
    const scene = stage.scene();
    await scene.apply({ ...impatient, lifecycle: [
      { environment: 'production', waves: [['sydney'], ['frankfurt']] },
      { environment: 'drills', waves: [['virginia']], soak: { min: '1h', max: '2h' } },
    ] });
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilRegion(rollout, 'drills/virginia', 'soaking');
    for (const place of ['drills/virginia', 'production/frankfurt']) {
      scene.world.trouble.set(place, (verb) => {
        if (verb === 'undo') throw lost();
      });
    }
    await scene.decide(rollout, 'rollback', { reason: 'everything is on fire' });
    await scene.untilRegion(rollout, 'production/sydney', 'rolled-back');
    await scene.untilRegion(rollout, 'production/frankfurt', 'stuck');
    const stuck = await scene.untilRegion(rollout, 'drills/virginia', 'stuck');
    expect(stuck.status).toBe('stuck');
    await expect(scene.decide(rollout, 'retry')).rejects.toMatchObject({ cause: { type: 'DecisionRefused' } });
    scene.world.trouble.clear();
    await scene.decide(rollout, 'retry', { region: 'virginia' });
    await scene.untilRegion(rollout, 'drills/virginia', 'rolled-back');
    expect((await scene.view(rollout)).status).toBe('stuck');
    await scene.decide(rollout, 'retry', { region: 'frankfurt' });
    expect((await scene.untilEnded(rollout)).status).toBe('rolled-back');
    expect(scene.world.running.size).toBe(0);
  });

  it('takes a region back all the same when its stuck undo was closed by hand', async () => {
    const scene = stage.scene();
    await scene.apply({ ...onlySydney, ...impatient, soak: { min: '1h', max: '2h', interval: '1s', minSamples: 100 } });
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilRegion(rollout, 'production/sydney', 'soaking');
    scene.world.trouble.set('production/sydney', (verb) => {
      if (verb === 'undo') throw lost();
    });
    await scene.decide(rollout, 'rollback', { reason: 'everything is on fire' });
    await scene.untilRegion(rollout, 'production/sydney', 'stuck');
    scene.world.trouble.clear();
    await stage.client.workflow.getHandle(`rollout/${rollout}/production/sydney`).terminate('enough of it');
    expect((await scene.untilEnded(rollout)).status).toBe('rolled-back');
    expect(scene.world.running.size).toBe(0);
  });

  it('undoes a region whose workflow was terminated by a person: unknown is not fine', async () => {
    const scene = stage.scene();
    await scene.apply({ ...onlySydney, soak: { min: '1h', max: '2h', interval: '1s', minSamples: 100 } });
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilRegion(rollout, 'production/sydney', 'soaking');
    await stage.client.workflow.getHandle(`rollout/${rollout}/production/sydney`).terminate('by mistake');
    expect(await scene.until(rollout, 'held')).toMatchObject({ regions: [{ status: 'failed' }] });
    await scene.decide(rollout, 'abort', { reason: 'start over' });
    expect((await scene.untilEnded(rollout)).status).toBe('aborted');
    expect(scene.world.running.size).toBe(0);
  });
});

describe('the undo of a release that was there before', () => {
  it('never puts it back as its own cure: it is stuck until a person says what is good', async () => {
    const scene = stage.scene();
    await scene.apply(onlySydney);
    scene.world.metrics.set('production/sydney@1.1.0', () => sick);
    const { rollout: first } = await scene.ship('1.1.0');
    await scene.untilPerson(first);
    await scene.decide(first, 'abort', { reason: 'over' });
    await scene.untilEnded(first);
    scene.world.running.set('production/sydney', { version: '1.1.0' }); // by hand, while the board knows nothing good
    const { rollout } = await scene.ship('1.1.0');
    const stuck = await scene.until(rollout, 'stuck');
    expect(stuck.failure?.message).toContain('1.1.0 ran in production/sydney before as well');
    expect(scene.world.told('undo')).toEqual(['production/sydney:null']);
    await scene.decide(rollout, 'skip', { reason: 'left to the team' });
    await scene.untilRegion(rollout, 'production/sydney', 'failed');
    await scene.decide(rollout, 'abort', { reason: 'over' });
    await scene.untilEnded(rollout);
  });
});
