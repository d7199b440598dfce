import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MeridianFailure } from '../../src/rollout/failure.js';
import { calendarWorkflowId } from '../../src/rollout/ids.js';
import { unblockUpdate } from '../../workflows/messages/calendar.js';
import { healthy, sick, silent } from '../support/fake-world.js';
import { onlyProduction, onlySydney, openStage, type Scene, type Stage } from '../support/stage.js';
import { startTestServer, type TestServer } from '../support/temporal-server.js';
import { waitFor } from '../support/wait-for.js';

// A server has one calendar, and this suite freezes what it likes: so the server is its own.
let server: TestServer;
let stage: Stage;
beforeAll(async () => {
  server = await startTestServer();
  stage = await openStage(server.address);
});
afterAll(async () => {
  await stage.close();
  await server.stop();
});

const longSoak = { soak: { min: '1h', max: '2h', interval: '1s', minSamples: 100 } };
const scopeOf = (scene: Scene) => ({ scope: { pipelines: [scene.name] } });

const creditOf = async (scene: Scene, rollout: string): Promise<{ credited: number; countingSince: string | null } | undefined> =>
  stage.client.workflow.getHandle(`rollout/${rollout}/production/sydney`).query<{ soak?: { credited: number; countingSince: string | null } }>('status')
    .then(({ soak }) => soak);

describe('a freeze', () => {
  it('lets nothing start until the last holder has lifted it, and says who holds it', async () => {
    const scene = stage.scene();
    await scene.apply(onlySydney);
    await stage.freeze('black-friday', 'ana', scopeOf(scene));
    await stage.freeze('black-friday', 'ben', { ...scopeOf(scene), reason: 'and the audit' });
    const { rollout } = await scene.ship('1.1.0');
    const waiting = await scene.until(rollout, 'waiting');
    expect(waiting.waitingFor).toMatchObject([{ gate: 'black-friday', type: 'freeze', environment: 'production' }]);
    expect(waiting.why).toMatch(/^Waiting for .*black-friday.*ana.*ben.*peak sales/);
    await stage.lift('black-friday', 'ana');
    await waitFor('only ben to hold it', async () => !(await scene.view(rollout)).why.includes('ana'));
    expect((await scene.view(rollout)).status).toBe('waiting');
    expect(scene.world.deeds).toEqual([]);
    await stage.lift('black-friday', 'ben');
    expect((await scene.untilEnded(rollout)).status).toBe('succeeded');
  });

  it('stops the clock of a soak, and the rest of the soak is what it was', async () => {
    const scene = stage.scene();
    await scene.apply({ ...onlySydney, soak: { min: '6s', max: '30s', interval: '1s', minSamples: 100 } });
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilRegion(rollout, 'production/sydney', 'soaking');
    await stage.freeze('incident-1', 'ana', scopeOf(scene));
    const stopped = await waitFor('the clock to stand still', async () => {
      const soak = await creditOf(scene, rollout);
      return soak && soak.countingSince === null ? soak.credited : undefined;
    });
    await new Promise((resolve) => setTimeout(resolve, 7_000)); // longer than the whole soak
    expect((await creditOf(scene, rollout))?.credited).toBe(stopped);
    expect(await scene.view(rollout)).toMatchObject({ status: 'waiting', regions: [{ status: 'soaking' }] });
    await stage.lift('incident-1', 'ana');
    expect((await scene.untilEnded(rollout)).regions[0]?.soak).toMatchObject({ credited: 6_000 });
  });

  it('never blocks an undo: what goes bad under it is taken back', async () => {
    const scene = stage.scene();
    await scene.apply({ ...onlyProduction, ...longSoak });
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilRegion(rollout, 'production/sydney', 'soaking');
    await stage.freeze('incident-2', 'ana', scopeOf(scene));
    await scene.until(rollout, 'waiting');
    scene.world.metrics.set('production/sydney@1.1.0', () => sick);
    const held = await scene.untilRegion(rollout, 'production/sydney', 'rolled-back');
    expect(held).toMatchObject({ status: 'held', failure: { code: 'RegionRegressed' } });
    await scene.decide(rollout, 'rollback', { reason: 'bad' });
    expect((await scene.untilEnded(rollout)).status).toBe('rolled-back');
    expect(scene.world.running.size).toBe(0);
  });

  it('of other places lets this one go on; one that ends by the clock lets go by itself', async () => {
    const scene = stage.scene();
    await scene.apply({ lifecycle: [{ environment: 'staging', waves: [['frankfurt']] }, { environment: 'production', waves: [['sydney']] }] });
    const to = new Date(Date.now() + 8_000).toISOString();
    await stage.freeze('weekend', 'ana', { scope: { pipelines: [scene.name], environments: ['production'] }, to });
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilRegion(rollout, 'staging/frankfurt', 'live');
    const end = await scene.untilEnded(rollout);
    expect(end.status).toBe('succeeded');
    const started = end.regions.find(({ environment }) => environment === 'production')!.startedAt!;
    expect(Date.parse(started)).toBeGreaterThanOrEqual(Date.parse(to));
  });
});

describe('one call', () => {
  it('stops everything: every pipeline, with the scope all', async () => {
    const [one, other] = [stage.scene(), stage.scene()];
    await Promise.all([one.apply({ ...onlySydney, ...longSoak }), other.apply(onlySydney)]);
    const soaking = await one.ship('1.1.0');
    await one.untilRegion(soaking.rollout, 'production/sydney', 'soaking');
    await stage.freeze('stop-the-world', 'ana', { scope: 'all', reason: 'the cable is cut' });
    const late = await other.ship('1.1.0');
    expect((await one.until(soaking.rollout, 'waiting')).why).toContain('the cable is cut');
    expect((await other.until(late.rollout, 'waiting')).why).toContain('the cable is cut');
    expect(other.world.deeds).toEqual([]);
    await one.decide(soaking.rollout, 'rollback', { reason: 'while we wait' });
    expect((await one.untilEnded(soaking.rollout)).status).toBe('rolled-back');
    await stage.lift('stop-the-world', '*');
    expect((await other.untilEnded(late.rollout)).status).toBe('succeeded');
  });
});

describe('a block', () => {
  it('that is lifted leaves a rollout held no longer than what held it besides', async () => {
    const scene = stage.scene();
    let sample = silent;
    scene.world.metrics.set('production/sydney@1.1.0', () => sample);
    await scene.apply({ ...onlySydney, soak: { min: '300ms', max: '10s', interval: '1s', minSamples: 100 } });
    const { rollout } = await scene.ship('1.1.0');
    expect((await scene.until(rollout, 'held')).failure?.code).toBe('NoData');
    await stage.block(`cve-${scene.name}`, { version: '1.1.0', pipelines: [scene.name], reason: 'leaks sessions' });
    await waitFor('the pipeline to know it', async () => (await scene.pipeline()).blocks.length > 0);
    sample = healthy;
    expect((await scene.untilRegion(rollout, 'production/sydney', 'live')).status).toBe('held');
    await stage.client.workflow.getHandle(calendarWorkflowId).executeUpdate(unblockUpdate, { args: [{ name: `cve-${scene.name}`, by: 'sec' }] });
    expect((await scene.untilEnded(rollout)).status).toBe('succeeded');
  });

  it('refuses to ship the release, with its reason', async () => {
    const scene = stage.scene();
    await scene.apply(onlySydney);
    await stage.block('cve-1', { version: '1.1.0', pipelines: [scene.name], reason: 'leaks sessions' });
    await expect(scene.ship('1.1.0')).rejects.toMatchObject({ cause: { type: 'ReleaseBlocked', message: expect.stringContaining('leaks sessions') } });
    expect(scene.world.deeds).toEqual([]);
  });

  it('holds a rollout that already ships it; a resume does not get around it, a rollback does', async () => {
    const scene = stage.scene();
    await scene.apply({ ...onlyProduction, ...longSoak });
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilRegion(rollout, 'production/sydney', 'soaking');
    await stage.block('cve-2', { version: '1.1.0', pipelines: [scene.name], reason: 'leaks sessions' });
    const held = await scene.until(rollout, 'held');
    expect(held.failure).toMatchObject({ code: 'ReleaseBlocked', message: expect.stringContaining('leaks sessions') });
    await scene.decide(rollout, 'resume');
    await scene.until(rollout, 'held');
    await scene.decide(rollout, 'rollback', { reason: 'leaks' });
    expect((await scene.untilEnded(rollout)).status).toBe('rolled-back');
  });
});

describe('a drained region', () => {
  it('is not asked anything: that it does not answer keeps nobody from the others', async () => {
    const scene = stage.scene();
    await scene.apply(onlyProduction);
    await scene.drain('sydney', 'no power');
    scene.world.trouble.set('production/sydney', () => {
      throw new MeridianFailure('TargetMisconfigured', 'nobody is at home');
    });
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilRegion(rollout, 'production/virginia', 'live');
    await scene.until(rollout, 'waiting');
    await scene.decide(rollout, 'abort', { reason: 'seen' });
    await scene.untilEnded(rollout);
  });

  it('is passed over, and shipped at the end of the phase when it is back', async () => {
    const scene = stage.scene();
    await scene.apply(onlyProduction);
    await scene.drain('sydney', 'new racks');
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilRegion(rollout, 'production/virginia', 'live');
    const waiting = await scene.until(rollout, 'waiting');
    expect(waiting.waitingFor).toMatchObject([{ type: 'drained', gate: 'sydney', region: 'sydney' }]);
    expect(waiting.why).toContain('new racks');
    expect(scene.world.told('deploy')).toEqual(['production/frankfurt:1.1.0', 'production/virginia:1.1.0']);
    await scene.drain('sydney', null);
    expect((await scene.untilEnded(rollout)).status).toBe('succeeded');
    expect(scene.world.told('deploy').at(-1)).toBe('production/sydney:1.1.0');
  });

  it('that a person skips is owed the release, and gets it when it takes part again', async () => {
    const scene = stage.scene();
    await scene.apply(onlyProduction);
    await scene.drain('sydney', 'new racks');
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilRegion(rollout, 'production/virginia', 'live');
    await scene.until(rollout, 'waiting');
    await scene.decide(rollout, 'skip', { region: 'sydney', reason: 'racks come on Monday' });
    const end = await scene.untilEnded(rollout);
    expect(end.status).toBe('succeeded');
    expect(end.regions.find(({ region }) => region === 'sydney')).toMatchObject({ status: 'skipped' });
    await waitFor('sydney to be owed', async () => (await scene.pipeline()).owed.length === 1);
    expect(scene.world.versionIn('production/sydney')).toBeNull();
    await scene.drain('sydney', null);
    await waitFor('sydney to get it', () => scene.world.versionIn('production/sydney') === '1.1.0');
  });

  it('that a person skips in the middle of its soak keeps the release, unverified, and is owed it', async () => {
    const scene = stage.scene();
    await scene.apply({ ...onlySydney, ...longSoak });
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilRegion(rollout, 'production/sydney', 'soaking');
    await scene.drain('sydney', 'no power');
    await scene.until(rollout, 'waiting');
    await scene.decide(rollout, 'skip', { reason: 'power comes next week' });
    const end = await scene.untilEnded(rollout);
    expect(end).toMatchObject({ status: 'succeeded', regions: [{ status: 'superseded', note: expect.stringContaining('left out') }] });
    const { board, owed } = await scene.pipeline();
    expect(board.find(({ region }) => region === 'sydney')).toMatchObject({ release: '1.1.0', verified: false });
    expect(owed).toEqual([{ environment: 'production', region: 'sydney' }]);
  });

  it('does not soak: the clock counts only while the region serves', async () => {
    const scene = stage.scene();
    await scene.apply({ ...onlySydney, ...longSoak });
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilRegion(rollout, 'production/sydney', 'soaking');
    await scene.drain('sydney', 'failover drill');
    await waitFor('the clock to stand still', async () => (await creditOf(scene, rollout))?.countingSince === null);
    expect((await scene.until(rollout, 'waiting')).why).toContain('ben: failover drill');
    await scene.drain('sydney', null);
    await waitFor('the clock to run', async () => (await creditOf(scene, rollout))?.countingSince);
    await scene.until(rollout, 'running');
    await scene.decide(rollout, 'abort', { reason: 'seen' });
    await scene.untilEnded(rollout);
  });
});

describe('drift', () => {
  it('holds a region that somebody else has changed; resume takes what is there as what was before', async () => {
    const scene = stage.scene();
    await scene.apply(onlySydney);
    await scene.untilEnded((await scene.ship('1.0.0')).rollout);
    scene.world.running.set('production/sydney', { version: '1.0.1-hotfix' });
    const { rollout } = await scene.ship('1.1.0');
    const held = await scene.until(rollout, 'held');
    expect(held.failure).toMatchObject({ code: 'Drift' });
    expect(held.failure!.message).toContain('runs 1.0.1-hotfix, and the board says 1.0.0');
    expect(scene.world.versionIn('production/sydney')).toBe('1.0.1-hotfix');
    scene.world.metrics.set('production/sydney@1.1.0', () => sick);
    await scene.decide(rollout, 'resume');
    await scene.untilRegion(rollout, 'production/sydney', 'rolled-back');
    // What the person accepted, not what the board had known to be good.
    expect(scene.world.versionIn('production/sydney')).toBe('1.0.1-hotfix');
    await scene.decide(rollout, 'abort', { reason: 'bad' });
    await scene.untilEnded(rollout);
  });

  it('is not what a crash leaves: where nothing runs any more, nobody has changed anything', async () => {
    const scene = stage.scene();
    await scene.apply(onlySydney);
    await scene.untilEnded((await scene.ship('1.0.0')).rollout);
    scene.world.running.delete('production/sydney');
    scene.world.metrics.set('production/sydney@1.1.0', () => sick);
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilRegion(rollout, 'production/sydney', 'rolled-back');
    expect(scene.world.versionIn('production/sydney')).toBe('1.0.0');
    await scene.decide(rollout, 'abort', { reason: 'bad' });
  });

  it('is never overwritten by an undo either, until a person says retry', async () => {
    const scene = stage.scene();
    scene.world.running.set('production/sydney', { version: '1.0.0' }); // before the pipeline looks what is there
    await scene.apply({ ...onlySydney, ...longSoak });
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilRegion(rollout, 'production/sydney', 'soaking');
    scene.world.running.set('production/sydney', { version: '1.1.1-by-hand' });
    await scene.decide(rollout, 'rollback', { reason: 'bad' });
    const stuck = await scene.until(rollout, 'stuck');
    expect(stuck.why).toContain('1.1.1-by-hand');
    expect(scene.world.versionIn('production/sydney')).toBe('1.1.1-by-hand');
    await scene.decide(rollout, 'retry');
    expect((await scene.untilEnded(rollout)).status).toBe('rolled-back');
    expect(scene.world.versionIn('production/sydney')).toBe('1.0.0');
  });
});
