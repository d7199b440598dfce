import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type Stage } from '../support/stage.js';
import { temporalAddress } from '../support/temporal.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage(temporalAddress());
});
afterAll(() => stage.close());

const gate = { name: 'go-no-go', type: 'approval', roles: ['release-manager'], notStarter: true, timeout: '24h' };
const gated = (changes: Record<string, unknown> = {}) => ({
  lifecycle: [{ environment: 'production', waves: [['sydney'], ['frankfurt']], gates: [{ ...gate, ...changes }] }],
});

describe('an approval gate before a phase', () => {
  it('says what it waits for and until when, and opens for a person with the role', async () => {
    const scene = stage.scene();
    await scene.apply(gated());
    const { rollout } = await scene.ship('1.1.0', { by: 'ana' });
    const waiting = await scene.until(rollout, 'waiting');
    expect(waiting.why).toMatch(
      /^Waiting for go-no-go in production: approval by release-manager, not by the person who started the rollout, within 1d, until 20.* UTC\.$/);
    expect(scene.world.deeds).toEqual([]);
    await expect(scene.decide(rollout, 'approve', { by: 'ana', roles: ['release-manager'] })).rejects.toMatchObject({
      cause: { type: 'StarterMayNotApprove' },
    });
    await expect(scene.decide(rollout, 'approve', { by: 'eve', roles: ['operator'] })).rejects.toMatchObject({ cause: { type: 'RoleMissing' } });
    await scene.decide(rollout, 'approve', { by: 'ben', roles: ['release-manager'], gate: 'go-no-go' });
    expect((await scene.untilEnded(rollout)).status).toBe('succeeded');
  });

  it('that is rejected ends the rollout, which has touched nothing', async () => {
    const scene = stage.scene();
    await scene.apply(gated());
    const { rollout } = await scene.ship('1.1.0');
    await scene.until(rollout, 'waiting');
    await scene.decide(rollout, 'reject', { by: 'ben', roles: ['release-manager'], reason: 'not on a Friday' });
    const end = await scene.untilEnded(rollout);
    expect(end).toMatchObject({ status: 'aborted', failure: { code: 'ApprovalRejected', message: 'ben rejected go-no-go: not on a Friday' } });
    expect(scene.world.deeds).toEqual([]);
  });

  it('that nobody answers in time holds the rollout, and asks again after resume', async () => {
    const scene = stage.scene();
    await scene.apply(gated({ timeout: '1s', notStarter: false }));
    const { rollout } = await scene.ship('1.1.0');
    const held = await scene.until(rollout, 'held');
    expect(held).toMatchObject({ failure: { code: 'ApprovalExpired' }, waitingFor: [] });
    await scene.decide(rollout, 'resume');
    await scene.until(rollout, 'waiting');
    await scene.decide(rollout, 'approve', { roles: ['release-manager'] });
    expect((await scene.untilEnded(rollout)).status).toBe('succeeded');
  });
});

describe('an approval gate before each region', () => {
  const byRegion = { lifecycle: [{ environment: 'production', waves: [['sydney', 'frankfurt']], regionGates: [{ ...gate, notStarter: false }] }] };

  it('lets each region through by itself, and asks which one is meant when more than one waits', async () => {
    const scene = stage.scene();
    await scene.apply(byRegion);
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilRegion(rollout, 'production/sydney', 'gated');
    await scene.untilRegion(rollout, 'production/frankfurt', 'gated');
    await expect(scene.decide(rollout, 'approve')).rejects.toMatchObject({ cause: { type: 'DecisionRefused' } });
    await scene.decide(rollout, 'approve', { region: 'frankfurt' });
    await scene.untilRegion(rollout, 'production/frankfurt', 'live');
    expect(scene.world.told('deploy')).toEqual(['production/frankfurt:1.1.0']);
    expect((await scene.view(rollout)).status).toBe('waiting');
    await scene.decide(rollout, 'approve', { region: 'sydney' });
    expect((await scene.untilEnded(rollout)).status).toBe('succeeded');
  });
});
