import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MeridianFailure } from '../../src/rollout/failure.js';
import { sick, silent } from '../support/fake-world.js';
import { onlyProduction, openStage, type Stage } from '../support/stage.js';
import { temporalAddress } from '../support/temporal.js';
import { waitFor } from '../support/wait-for.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage(temporalAddress());
});
afterAll(() => stage.close());

const production = (gates: Record<string, unknown>) => ({ lifecycle: [{ environment: 'production', waves: [['sydney'], ['frankfurt']], ...gates }] });
const hook = { name: 'change-board', type: 'webhook', url: 'http://127.0.0.1/gate', interval: '1s' };

describe('an approval of several people', () => {
  const twoOf = { name: 'go-no-go', type: 'approval', roles: ['release-manager'], approvals: 2 };

  it('counts each person once, shows who has said yes, and opens with the last one', async () => {
    const scene = stage.scene();
    await scene.apply(production({ gates: [twoOf] }));
    const { rollout } = await scene.ship('1.1.0');
    const { plan } = await scene.until(rollout, 'waiting');
    const manager = { roles: ['release-manager'] };
    const { rollout: one } = await scene.decide(rollout, 'approve', { by: 'ben', ...manager, plan });
    expect(one).toMatchObject({ status: 'waiting', waitingFor: [{ gate: 'go-no-go', approvals: [{ by: 'ben' }] }] });
    await expect(scene.decide(rollout, 'approve', { by: 'ben', ...manager })).rejects.toMatchObject({ cause: { type: 'DecisionRefused' } });
    await expect(scene.decide(rollout, 'approve', { by: 'eve', ...manager, plan: '0'.repeat(64) })).rejects.toMatchObject({ cause: { type: 'PlanChanged' } });
    expect(scene.world.deeds).toEqual([]);
    await scene.decide(rollout, 'approve', { by: 'eve', ...manager, plan });
    expect((await scene.untilEnded(rollout)).status).toBe('succeeded');
  });

  it('begins anew when the plan has changed meanwhile', async () => {
    const scene = stage.scene();
    const perRegion = { ...twoOf, name: 'second-wave' };
    await scene.apply(production({ waveGates: [perRegion] }));
    await scene.drain('sydney', 'new racks');
    const { rollout } = await scene.ship('1.1.0');
    // Sydney stands back to the end: the first wave that asks is frankfurt's, under a plan of its own.
    const { plan, timeline, waitingFor } = await scene.until(rollout, 'waiting');
    expect(timeline.find(({ kind }) => kind === 'plan')?.text).toContain('sydney is drained, and shipped last');
    expect(waitingFor).toMatchObject([{ gate: 'second-wave', approvals: [] }]);
    expect((await scene.view(rollout)).plan).toBe(plan);
    await expect(scene.decide(rollout, 'approve', { by: 'ben', plan: 'a'.repeat(64) })).rejects.toMatchObject({ cause: { type: 'PlanChanged' } });
    await scene.decide(rollout, 'abort', { reason: 'seen enough' });
    await scene.untilEnded(rollout);
  });
});

describe('a gate that opens by itself', () => {
  it('holds the phase until its webhook answers open, and says so in one sentence', async () => {
    const scene = stage.scene();
    let isOpen = false;
    scene.world.gatekeeper = async () => ({ isOpen, saw: isOpen ? 'approved' : 'CHG-7 waits for review' });
    await scene.apply(production({ gates: [hook] }));
    const { rollout } = await scene.ship('1.1.0');
    const waiting = await scene.until(rollout, 'waiting');
    expect(waiting.why).toMatch(/^Waiting for change-board in production: .*CHG-7 waits for review.*until 20/);
    expect(scene.world.deeds).toEqual([]);
    isOpen = true;
    expect((await scene.untilEnded(rollout)).status).toBe('succeeded');
  });

  it('holds each region by itself, and lets it go on', async () => {
    const scene = stage.scene();
    const open = new Set<string>();
    scene.world.gatekeeper = async (_gate, { region }) => ({ isOpen: open.has(region!), saw: `${region} is ${open.has(region!) ? 'free' : 'busy'}` });
    await scene.apply(production({ regionGates: [hook] }));
    const { rollout } = await scene.ship('1.1.0');
    expect((await scene.untilRegion(rollout, 'production/sydney', 'gated')).waitingFor).toMatchObject([{ gate: 'change-board', region: 'sydney' }]);
    open.add('sydney');
    await scene.untilRegion(rollout, 'production/frankfurt', 'gated');
    expect(scene.world.told('deploy')).toEqual(['production/sydney:1.1.0']);
    open.add('frankfurt');
    expect((await scene.untilEnded(rollout)).status).toBe('succeeded');
  });

  it('asks before each wave at a wave', async () => {
    const scene = stage.scene();
    const asked: (number | undefined)[] = [];
    scene.world.gatekeeper = async (_gate, { wave }) => {
      asked.push(wave);
      return { isOpen: true, saw: 'yes' };
    };
    await scene.apply(production({ waveGates: [hook] }));
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilEnded(rollout);
    expect(asked).toEqual([1, 2]);
  });

  it('never takes silence for a yes: a metric that answers nothing keeps it closed', async () => {
    const scene = stage.scene();
    scene.world.metrics.set('production/sydney@1.1.0', () => silent);
    await scene.apply(production({ regionGates: [{ name: 'lag', type: 'metric', query: 'lag_seconds', max: 10, interval: '1s', timeout: '2s' }] }));
    const { rollout } = await scene.ship('1.1.0');
    const held = await scene.until(rollout, 'held');
    expect(held.failure).toMatchObject({ code: 'GateExpired' });
    expect(held.failure!.message).toContain('lag of production/sydney has not opened within 2s');
    expect(scene.world.deeds).toEqual([]);
    await scene.decide(rollout, 'abort', { reason: 'enough' });
    await scene.untilEnded(rollout);
  });

  it('that has not opened in time holds the rollout, and is asked again after resume', async () => {
    const scene = stage.scene();
    let isOpen = false;
    scene.world.gatekeeper = async () => ({ isOpen, saw: 'not yet' });
    await scene.apply(production({ gates: [{ ...hook, timeout: '1s' }] }));
    const { rollout } = await scene.ship('1.1.0');
    expect(await scene.until(rollout, 'held')).toMatchObject({ failure: { code: 'GateExpired' }, waitingFor: [] });
    isOpen = true;
    await scene.decide(rollout, 'resume');
    expect((await scene.untilEnded(rollout)).status).toBe('succeeded');
  });

  it('is looked at again when another one kept the region waiting: all are open in the same moment', async () => {
    const scene = stage.scene();
    const looks: string[] = [];
    scene.world.gatekeeper = async ({ name }) => {
      looks.push(name);
      // The second is closed at first; by the time it opens, the first has closed for a while.
      const times = looks.filter((each) => each === name).length;
      const isOpen = name === 'first' ? times !== 2 : times > 1;
      return { isOpen, saw: `${name} ${times}` };
    };
    await scene.apply(production({ regionGates: [{ ...hook, name: 'first' }, { ...hook, name: 'second' }] }));
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilRegion(rollout, 'production/sydney', 'live');
    // first open, second closed → open; first closed → open; then both once more, open in one round.
    expect(looks.slice(0, 5)).toEqual(['first', 'second', 'second', 'first', 'first']);
    expect((await scene.untilEnded(rollout)).status).toBe('succeeded');
  });
});

describe('an override of a gate', () => {
  it('takes a role and a reason, opens the gate, and is shown for ever', async () => {
    const scene = stage.scene();
    scene.world.gatekeeper = async () => ({ isOpen: false, saw: 'never' });
    await scene.apply({ ...production({ regionGates: [hook] }), policy: { override: { roles: ['chief'] } } });
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilRegion(rollout, 'production/sydney', 'gated');
    const reason = 'the board sleeps, customers do not';
    await expect(scene.decide(rollout, 'override', { roles: ['operator'], reason })).rejects.toMatchObject({ cause: { type: 'RoleMissing' } });
    await expect(scene.decide(rollout, 'override', { roles: ['chief'] })).rejects.toMatchObject({ cause: { type: 'InvalidRequest' } });
    await scene.decide(rollout, 'override', { by: 'cleo', roles: ['chief'], reason });
    await scene.untilRegion(rollout, 'production/frankfurt', 'gated');
    await scene.decide(rollout, 'override', { by: 'cleo', roles: ['chief'], reason });
    const end = await scene.untilEnded(rollout);
    expect(end).toMatchObject({
      status: 'succeeded',
      overrides: [
        { by: 'cleo', what: 'the gate production/sydney/change-board', reason }, { by: 'cleo', what: 'the gate production/frankfurt/change-board', reason },
      ],
    });
    expect(end.why).toContain('cleo');
    const { releases } = await scene.pipeline();
    expect(releases.find(({ release }) => release.version === '1.1.0')?.overrides).toHaveLength(2);
  });
});

describe('a re-check before the next phase', () => {
  const strict = { lifecycle: [{ environment: 'staging', waves: [['frankfurt']] }, { environment: 'production', waves: [['sydney']] }] };

  it('ends a rollout that builds on what is lost, before it has changed anything; the next one begins there', async () => {
    const scene = stage.scene();
    await scene.apply(strict);
    await scene.untilEnded((await scene.ship('1.0.0', { to: 'staging' })).rollout);
    scene.world.running.set('staging/frankfurt', { version: '0.9.0' });
    const end = await scene.untilEnded((await scene.ship('1.0.0')).rollout);
    expect(end).toMatchObject({ status: 'failed', failure: { code: 'PhaseNotVerified', message: expect.stringContaining('staging/frankfurt: it runs 0.9.0') } });
    expect((await scene.pipeline()).releases[0]?.verified).toEqual({});
    const again = await scene.untilEnded((await scene.ship('1.0.0')).rollout);
    expect(again).toMatchObject({ status: 'succeeded', regions: [{ environment: 'staging' }, { environment: 'production' }] });
  });

  it('holds the rollout that has shipped there itself, after the gates as before them, and ships it there again after resume', async () => {
    const scene = stage.scene();
    const gate = { name: 'go', type: 'approval', roles: ['any'] };
    await scene.apply({ lifecycle: [strict.lifecycle[0], { ...strict.lifecycle[1], gates: [gate] }] });
    const { rollout } = await scene.ship('1.0.0');
    await scene.until(rollout, 'waiting');
    await scene.revoke('1.0.0', 'it lost orders');
    await scene.decide(rollout, 'approve', { roles: ['any'] });
    const held = await scene.until(rollout, 'held');
    expect(held.failure).toMatchObject({ code: 'PhaseNotVerified', message: expect.stringContaining('it was taken back there') });
    expect(scene.world.versionIn('production/sydney')).toBeNull();
    await scene.decide(rollout, 'resume');
    const end = await scene.untilEnded(rollout);
    expect(end.status).toBe('succeeded');
    expect(scene.world.told('deploy')).toEqual(['staging/frankfurt:1.0.0', 'staging/frankfurt:1.0.0', 'production/sydney:1.0.0']);
  });

  it('that was stopped has seen nothing: what it could not look at stays verified, and the rollout ends as it was told', async () => {
    const scene = stage.scene();
    await scene.apply(strict);
    await scene.untilEnded((await scene.ship('1.0.0', { to: 'staging' })).rollout);
    let asked = 0;
    scene.world.trouble.set('staging/frankfurt', (verb) => {
      if (verb !== 'current') return;
      asked += 1;
      throw new MeridianFailure('RegionUnreachable', 'connection refused');
    });
    const { rollout } = await scene.ship('1.0.0');
    await waitFor('somebody to look', () => asked > 0);
    await scene.decide(rollout, 'abort', { reason: 'it takes too long' });
    expect((await scene.untilEnded(rollout)).status).toBe('aborted');
    expect(Object.keys((await scene.pipeline()).releases[0]!.verified)).toEqual(['staging/frankfurt']);
  });

  it('forgets nothing of the undo when a place is shipped again: what ran before the first time is put back', async () => {
    const scene = stage.scene();
    await scene.apply({ lifecycle: [strict.lifecycle[0], { ...strict.lifecycle[1], gates: [{ name: 'go', type: 'approval', roles: ['any'] }, { name: 'again', type: 'approval', roles: ['any'] }] }] });
    const { rollout } = await scene.ship('1.0.0');
    await scene.until(rollout, 'waiting');
    await scene.revoke('1.0.0', 'it lost orders');
    await scene.decide(rollout, 'approve', { gate: 'go', roles: ['any'] });
    await waitFor('the second gate', async () => (await scene.view(rollout)).waitingFor[0]?.gate === 'again');
    await scene.decide(rollout, 'approve', { gate: 'again', roles: ['any'] });
    await scene.until(rollout, 'held');
    scene.world.metrics.set('production/sydney@1.0.0', () => sick);
    await scene.decide(rollout, 'resume');
    await scene.untilRegion(rollout, 'production/sydney', 'rolled-back');
    await scene.decide(rollout, 'rollback', { reason: 'bad after all' });
    expect((await scene.untilEnded(rollout)).status).toBe('rolled-back');
    expect(scene.world.running.size).toBe(0); // nothing ran there before
  });

  it('does not mind that a newer release has taken its place there: it was verified, and nobody took it back', async () => {
    const scene = stage.scene();
    await scene.apply({ lifecycle: [{ environment: 'staging', waves: [['frankfurt']] }, { environment: 'production', waves: [['sydney']] }] });
    for (const version of ['1.0.0', '1.1.0']) await scene.untilEnded((await scene.ship(version, { to: 'staging' })).rollout);
    const { rollout } = await scene.ship('1.0.0');
    const end = await scene.untilEnded(rollout);
    expect(end).toMatchObject({ status: 'succeeded', regions: [{ environment: 'production' }] });
    expect(scene.world.versionIn('staging/frankfurt')).toBe('1.1.0');
  });
});

describe('a rehearsal', () => {
  it('deploys, undoes and deploys again in the first wave, before the second one starts', async () => {
    const scene = stage.scene();
    await scene.apply(onlyProduction);
    await scene.untilEnded((await scene.ship('1.0.0')).rollout);
    scene.world.deeds.length = 0;
    const { rollout } = await scene.ship('1.1.0', { rehearse: true });
    expect((await scene.untilEnded(rollout)).status).toBe('succeeded');
    const order = scene.world.deeds.filter(({ verb }) => verb !== 'verify').map(({ verb, place, version }) => `${verb} ${place} ${version}`);
    expect(order).toEqual([
      'deploy production/sydney 1.1.0', 'undo production/sydney 1.0.0', 'deploy production/sydney 1.1.0',
      'deploy production/frankfurt 1.1.0', 'deploy production/virginia 1.1.0',
    ]);
  });

  it('whose undo does not work is stuck before the second wave has started', async () => {
    const scene = stage.scene();
    await scene.apply({ ...onlyProduction, policy: { undoTimeout: '1s' } });
    await scene.untilEnded((await scene.ship('1.0.0')).rollout);
    scene.world.trouble.set('production/sydney', (verb) => {
      if (verb === 'undo') throw new Error('the undo script is missing');
    });
    const { rollout } = await scene.ship('1.1.0', { rehearse: true });
    const stuck = await scene.until(rollout, 'stuck');
    expect(stuck.why).toContain('the undo script is missing');
    expect(scene.world.versionIn('production/frankfurt')).toBe('1.0.0');
    scene.world.trouble.clear();
    await scene.decide(rollout, 'retry');
    expect((await scene.untilEnded(rollout)).status).toBe('succeeded');
  });
});

describe('a region that waits at a gate of its own', () => {
  const night = production({ waves: [['sydney', 'frankfurt']], regionGates: [hook] });

  it('begins nothing while the rollout is held, however wide its gate is open by then', async () => {
    const scene = stage.scene();
    const open = new Set(['sydney']);
    scene.world.gatekeeper = async (_gate, { region }) => ({ isOpen: open.has(region!), saw: 'as it is' });
    scene.world.metrics.set('production/sydney@1.1.0', () => sick);
    await scene.apply(night);
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilRegion(rollout, 'production/frankfurt', 'gated');
    await scene.untilRegion(rollout, 'production/sydney', 'rolled-back');
    open.add('frankfurt');
    // Its gate is open: it says so, and stays where it is.
    await scene.untilRegion(rollout, 'production/frankfurt', 'pending');
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(scene.world.told('deploy')).toEqual(['production/sydney:1.1.0']);
    scene.world.metrics.clear();
    await scene.decide(rollout, 'resume');
    expect((await scene.untilEnded(rollout)).status).toBe('succeeded');
  });

  it('makes way at once for a newer rollout', async () => {
    const scene = stage.scene();
    scene.world.gatekeeper = async (_gate, { release }) => ({ isOpen: release.version !== '1.1.0', saw: 'as it is' });
    await scene.apply({ ...night, policy: { overlap: 'supersede' } });
    const older = await scene.ship('1.1.0');
    await scene.untilRegion(older.rollout, 'production/sydney', 'gated');
    const newer = await scene.ship('1.2.0');
    expect(await scene.untilEnded(older.rollout)).toMatchObject({ status: 'superseded', regions: [{ status: 'skipped' }, { status: 'skipped' }] });
    expect((await scene.untilEnded(newer.rollout)).status).toBe('succeeded');
  });

  it('is not asked twice for the yes that it has when it is tried again', async () => {
    const scene = stage.scene();
    await scene.apply(production({ waves: [['sydney']], regionGates: [{ name: 'local', type: 'approval', roles: ['any'] }] }));
    scene.world.metrics.set('production/sydney@1.1.0', () => sick);
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilRegion(rollout, 'production/sydney', 'gated');
    await scene.decide(rollout, 'approve', { by: 'ana', roles: ['any'] });
    await scene.untilRegion(rollout, 'production/sydney', 'rolled-back');
    scene.world.metrics.clear();
    await scene.decide(rollout, 'resume');
    expect((await scene.untilEnded(rollout)).status).toBe('succeeded');
  });
});

describe('a rehearsal that is overtaken', () => {
  it('is undone to its end, and leaves the region to the newer rollout', async () => {
    const scene = stage.scene();
    await scene.apply({ ...onlyProduction, policy: { overlap: 'supersede' } });
    await scene.untilEnded((await scene.ship('1.0.0')).rollout);
    let letGo = (): void => undefined;
    const undoing = new Promise<void>((resolve) => { letGo = resolve; });
    scene.world.trouble.set('production/sydney', (verb) => (verb === 'undo' ? undoing : undefined));
    const older = await scene.ship('1.1.0', { rehearse: true });
    await scene.untilRegion(older.rollout, 'production/sydney', 'rolling-back');
    const newer = await scene.ship('1.2.0');
    letGo();
    expect(await scene.untilEnded(older.rollout)).toMatchObject({ status: 'superseded', regions: [{ status: 'rolled-back' }, {}, {}] });
    expect((await scene.untilEnded(newer.rollout)).status).toBe('succeeded');
  });
});
