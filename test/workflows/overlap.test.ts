import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, onlyProduction, type Stage } from '../support/stage.js';
import { temporalAddress } from '../support/temporal.js';
import { waitFor } from '../support/wait-for.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage(temporalAddress());
});
afterAll(() => stage.close());

const longSoak = { soak: { min: '1h', max: '2h', interval: '1s', minSamples: 100 } };
const supersede = { policy: { overlap: 'supersede' } };

describe('a newer release under policy.overlap supersede', () => {
  it('takes over at the edge of the wave: the soak of the older one is cut short and counts for nothing', async () => {
    const scene = stage.scene();
    await scene.apply({ ...onlyProduction, ...longSoak, ...supersede });
    const older = await scene.ship('1.1.0');
    await scene.untilRegion(older.rollout, 'production/sydney', 'soaking');
    const newer = await scene.ship('1.2.0');
    const end = await scene.untilEnded(older.rollout);
    expect(end).toMatchObject({ status: 'superseded', supersededBy: newer.rollout });
    expect(end.regions.map(({ status }) => status)).toEqual(['superseded', 'pending', 'pending']);
    expect(end.why).toContain(`${newer.rollout} has taken its place`);
    await scene.untilRegion(newer.rollout, 'production/sydney', 'soaking');
    expect(scene.world.told('deploy')).toEqual(['production/sydney:1.1.0', 'production/sydney:1.2.0']);
    const { board, releases } = await scene.pipeline();
    expect(board.find(({ region }) => region === 'sydney')).toMatchObject({ release: '1.2.0', lastKnownGood: null });
    expect(releases.find(({ release }) => release.version === '1.1.0')?.verified).toEqual({});
    await scene.decide(newer.rollout, 'rollback', { reason: 'seen enough' });
    await scene.untilEnded(newer.rollout);
  });

  it('replaces one that waits in line at once, and leaves alone one that a person has paused', async () => {
    const scene = stage.scene();
    await scene.apply({ ...onlyProduction, ...longSoak, ...supersede });
    const first = await scene.ship('1.1.0');
    await scene.untilRegion(first.rollout, 'production/sydney', 'soaking');
    await scene.decide(first.rollout, 'pause', { reason: 'looking' });
    const second = await scene.ship('1.2.0');
    const third = await scene.ship('1.3.0');
    expect(await scene.untilEnded(second.rollout)).toMatchObject({ status: 'superseded', supersededBy: third.rollout });
    expect(await scene.view(first.rollout)).toMatchObject({ status: 'paused', regions: [{ status: 'soaking' }, {}, {}] });
    expect(await scene.view(third.rollout)).toMatchObject({ status: 'queued' });
    await scene.decide(first.rollout, 'resume');
    expect((await scene.untilEnded(first.rollout)).status).toBe('superseded');
    await scene.untilRegion(third.rollout, 'production/sydney', 'soaking');
    await scene.decide(third.rollout, 'rollback', { reason: 'seen enough' });
    await scene.untilEnded(third.rollout);
  });
});

describe('a newer release that leaves the line before', () => {
  it('takes over from nobody: the older one goes on when it is resumed', async () => {
    const scene = stage.scene();
    await scene.apply({ ...onlyProduction, ...supersede, soak: { min: '2s', max: '20s', interval: '1s', minSamples: 100 } });
    const older = await scene.ship('1.1.0');
    await scene.untilRegion(older.rollout, 'production/sydney', 'soaking');
    await scene.decide(older.rollout, 'pause', { reason: 'looking' });
    const newer = await scene.ship('1.2.0');
    await waitFor('the older one to know', async () => (await scene.view(older.rollout)).supersededBy);
    await scene.decide(newer.rollout, 'abort', { reason: 'wrong build' });
    await waitFor('the older one to know better', async () => (await scene.view(older.rollout)).supersededBy === undefined);
    await scene.decide(older.rollout, 'resume');
    expect((await scene.untilEnded(older.rollout)).status).toBe('succeeded');
  });
});

describe('the hot-fix lane', () => {
  const lane = { policy: { hotfix: { soak: '2s', roles: ['on-call'] } } };

  it('is taken with a role and a reason, overtakes, and soaks shorter but not never', async () => {
    const scene = stage.scene();
    await scene.apply({ ...onlyProduction, ...longSoak, ...lane });
    const normal = await scene.ship('1.1.0');
    await scene.untilRegion(normal.rollout, 'production/sydney', 'soaking');
    const waiting = await scene.ship('1.2.0');
    const reason = 'logins fail';
    await expect(scene.ship('1.1.1', { lane: 'hotfix', reason, roles: ['operator'] })).rejects.toMatchObject({ cause: { type: 'RoleMissing' } });
    await expect(scene.ship('1.1.1', { lane: 'hotfix', roles: ['on-call'] })).rejects.toMatchObject({ cause: { type: 'HotfixRefused' } });
    const fix = await scene.ship('1.1.1', { lane: 'hotfix', reason, roles: ['on-call'] });
    expect((await scene.untilEnded(normal.rollout)).status).toBe('superseded');
    const end = await scene.untilEnded(fix.rollout);
    expect(end).toMatchObject({ status: 'succeeded', lane: 'hotfix', reason });
    // Not before two looks, and long before the hour of the others.
    for (const { soak } of end.regions) {
      expect(soak?.required).toBe(2_000);
      expect(soak?.credited).toBeGreaterThanOrEqual(2_000);
      expect(soak?.credited).toBeLessThan(600_000);
    }
    await scene.untilRegion(waiting.rollout, 'production/sydney', 'soaking');
    await scene.decide(waiting.rollout, 'rollback', { reason: 'seen enough' });
    await scene.untilEnded(waiting.rollout);
  });

  it('is not there unless the pipeline has one', async () => {
    const scene = stage.scene();
    await scene.apply(onlyProduction);
    await expect(scene.ship('1.1.1', { lane: 'hotfix', reason: 'logins fail' })).rejects.toMatchObject({ cause: { type: 'HotfixRefused' } });
  });
});

describe('promotion', () => {
  const manual = { lifecycle: [{ environment: 'staging', waves: [['frankfurt']] }, { environment: 'production', waves: [['sydney']], promotion: 'manual' }] };

  it('of a rollout at work ships the release on in the name of whoever asked, as soon as it is verified', async () => {
    const scene = stage.scene();
    await scene.apply({ ...manual, soak: { min: '3s', max: '20s', interval: '1s', minSamples: 100 } });
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilRegion(rollout, 'staging/frankfurt', 'soaking');
    const { rollout: promoted } = await scene.decide(rollout, 'promote', { by: 'cleo', reason: 'tested by hand' });
    expect(promoted.promoteTo).toBe('production');
    await expect(scene.decide(rollout, 'promote')).rejects.toMatchObject({ cause: { type: 'DecisionRefused' } });
    const end = await scene.untilEnded(rollout);
    expect(end.status).toBe('succeeded');
    expect(end.regions.map(({ environment }) => environment)).toEqual(['staging']);
    const next = `${scene.name}-2`;
    await waitFor('the next rollout', async () => (await scene.pipeline()).board.some(({ environment, release }) => environment === 'production' && release === '1.1.0'));
    expect(await scene.untilEnded(next)).toMatchObject({ status: 'succeeded', startedBy: 'cleo', reason: 'tested by hand' });
  });

  it('that is refused when its time comes is told to people', async () => {
    const scene = stage.scene();
    const soak = { min: '3s', max: '20s', interval: '1s', minSamples: 100 };
    await scene.apply({ ...manual, soak });
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilRegion(rollout, 'staging/frankfurt', 'soaking');
    await scene.decide(rollout, 'promote', { by: 'cleo' });
    await scene.apply({ ...manual, soak, variables: [{ name: 'CURRENCY', required: true }] });
    await scene.untilEnded(rollout);
    const told = await waitFor('somebody to be told', () => scene.world.notices.find(({ text }) => text.includes('does not go on to production')));
    expect(told).toMatchObject({ rollout, kind: 'failed', text: expect.stringContaining('as cleo wanted') });
    expect(told.text).toContain('CURRENCY');
  });
});

describe('a scheduled rollout', () => {
  it('holds nothing before its time, starts by the clock, and can be started at once', async () => {
    const scene = stage.scene();
    await scene.apply(onlyProduction);
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    const later = await scene.ship('1.2.0', { startAt: tomorrow });
    expect(await scene.view(later.rollout)).toMatchObject({ status: 'scheduled', startAt: tomorrow });
    const soon = await scene.ship('1.1.0', { startAt: new Date(Date.now() + 2_000).toISOString() });
    expect((await scene.untilEnded(soon.rollout)).status).toBe('succeeded');
    expect(await scene.pipeline()).toMatchObject({ locks: {}, queue: [] });
    await scene.decide(later.rollout, 'resume');
    expect((await scene.untilEnded(later.rollout)).status).toBe('succeeded');
  });

  it('is refused when its time comes, where the policy says reject and somebody is there', async () => {
    const scene = stage.scene();
    await scene.apply({ ...onlyProduction, ...longSoak, policy: { overlap: 'reject' } });
    const later = await scene.ship('1.2.0', { startAt: new Date(Date.now() + 3_000).toISOString() });
    const now = await scene.ship('1.1.0');
    const end = await scene.untilEnded(later.rollout);
    expect(end).toMatchObject({ status: 'failed', failure: { code: 'EnvironmentBusy', message: expect.stringContaining(now.rollout) } });
    await scene.decide(now.rollout, 'rollback', { reason: 'seen' });
    await scene.untilEnded(now.rollout);
  });

  it('can be called off', async () => {
    const scene = stage.scene();
    await scene.apply(onlyProduction);
    const { rollout } = await scene.ship('1.2.0', { startAt: new Date(Date.now() + 86_400_000).toISOString() });
    await scene.decide(rollout, 'abort', { reason: 'not this week' });
    expect(await scene.untilEnded(rollout)).toMatchObject({ status: 'aborted' });
    expect(scene.world.deeds).toEqual([]);
  });
});

describe('an override at the start', () => {
  it('begins at a later phase, with a role and a reason, and is shown for ever', async () => {
    const scene = stage.scene();
    await scene.apply();
    const override = { from: 'production', reason: 'staging burnt down' };
    await expect(scene.ship('1.1.0', { override, roles: ['deployer'] })).rejects.toMatchObject({ cause: { type: 'RoleMissing' } });
    const { rollout } = await scene.ship('1.1.0', { override, by: 'cleo', roles: ['admin'] });
    const end = await scene.untilEnded(rollout);
    expect(end).toMatchObject({ status: 'succeeded', overrides: [{ by: 'cleo', reason: 'staging burnt down' }] });
    expect(end.why).toContain('cleo');
    expect(scene.world.versionIn('staging/frankfurt')).toBeNull();
    const { board, releases } = await scene.pipeline();
    expect(board.find(({ environment, region }) => environment === 'production' && region === 'sydney')?.override).toContain('staging burnt down');
    expect(releases.find(({ release }) => release.version === '1.1.0')?.overrides).toMatchObject([{ by: 'cleo' }]);
  });
});

describe('a region that joins', () => {
  const regions = { sydney: { weight: 5 }, frankfurt: { weight: 30 }, virginia: { weight: 65 } };

  it('mid-rollout does not change the running plan, and gets the last verified release afterwards', async () => {
    const scene = stage.scene();
    await scene.apply({ ...onlyProduction, soak: { min: '2s', max: '20s', interval: '1s', minSamples: 100 } });
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilRegion(rollout, 'production/sydney', 'soaking');
    await scene.apply({ ...onlyProduction, regions: { ...regions, tokyo: { weight: 3 } } });
    const end = await scene.untilEnded(rollout);
    expect(end).toMatchObject({ status: 'succeeded' });
    expect(end.regions.map(({ region }) => region)).not.toContain('tokyo');
    await waitFor('tokyo to get it', () => scene.world.versionIn('production/tokyo') === '1.1.0');
    const joined = await scene.untilEnded(`${scene.name}-2`);
    expect(joined).toMatchObject({ status: 'succeeded', startedBy: 'meridian', release: '1.1.0' });
    expect(joined.regions.map(({ region }) => region)).toEqual(['tokyo']);
  });
});

describe('tenants', () => {
  const tenants = { acme: { regions: ['sydney', 'frankfurt'] }, globex: { regions: ['sydney'] }, initech: { regions: ['sydney'], holdBack: 'contract talks' } };

  it('change one after the other in their region, each a place of its own, and one that is held back keeps its release', async () => {
    const scene = stage.scene();
    await scene.apply({ tenants, lifecycle: [{ environment: 'production', waves: [['sydney'], ['frankfurt', 'virginia']] }] });
    const { rollout } = await scene.ship('1.1.0');
    const end = await scene.untilEnded(rollout);
    expect(end.status).toBe('succeeded');
    const told = scene.world.told('deploy');
    expect(told.slice(0, 2)).toEqual(['production/sydney/acme:1.1.0', 'production/sydney/globex:1.1.0']);
    expect(told.slice(2).toSorted()).toEqual(['production/frankfurt/acme:1.1.0', 'production/virginia:1.1.0']);
    expect(scene.world.versionIn('production/sydney/initech')).toBeNull();
    await scene.apply({
      tenants: { ...tenants, initech: { regions: ['sydney'] } }, lifecycle: [{ environment: 'production', waves: [['sydney'], ['frankfurt', 'virginia']] }],
    });
    await waitFor('initech to get it', () => scene.world.versionIn('production/sydney/initech') === '1.1.0');
  });

  it('change together where the phase says so: one that takes its time keeps the others from nothing', async () => {
    const scene = stage.scene();
    const { initech: _heldBack, ...both } = tenants;
    await scene.apply({ tenants: both, lifecycle: [{ environment: 'production', waves: [['sydney']], tenants: 'together' }] });
    scene.world.trouble.set('production/sydney/acme', async (verb) => {
      if (verb === 'deploy') await waitFor('globex to have it', () => scene.world.versionIn('production/sydney/globex') === '1.1.0');
    });
    const { rollout } = await scene.ship('1.1.0');
    expect((await scene.untilEnded(rollout)).status).toBe('succeeded');
  });
});
