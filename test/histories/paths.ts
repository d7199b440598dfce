import { MeridianFailure } from '../../src/rollout/failure.js';
import { healthy, sick, silent } from '../support/fake-world.js';
import { knownMigration } from '../support/migrations.js';
import { onlyProduction, onlySydney, type Scene, type Stage } from '../support/stage.js';
import { waitFor } from '../support/wait-for.js';

const longSoak = { soak: { min: '1h', max: '2h', interval: '1s', minSamples: 100 } };
const gate = { name: 'go-no-go', type: 'approval', roles: ['release-manager'], timeout: '24h' };

const hook = { name: 'change-board', type: 'webhook', url: 'http://127.0.0.1/gate', interval: '1s' };

/** One story for each way that a rollout can take. Each gives the rollouts whose histories are kept. */
export const paths: Record<string, (scene: Scene, stage: Stage) => Promise<string[]>> = {
  async good(scene) {
    await scene.apply();
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilEnded(rollout);
    return [rollout];
  },

  async 'regression-rollback'(scene) {
    await scene.apply();
    scene.world.metrics.set('production/sydney@1.1.0', () => sick);
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilPerson(rollout);
    await scene.decide(rollout, 'rollback', { reason: 'it is bad' });
    await scene.untilEnded(rollout);
    return [rollout];
  },

  async 'regression-resume'(scene) {
    await scene.apply(onlySydney);
    scene.world.metrics.set('production/sydney@1.1.0', () => sick);
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilPerson(rollout);
    scene.world.metrics.set('production/sydney@1.1.0', () => healthy);
    await scene.decide(rollout, 'resume');
    await scene.untilEnded(rollout);
    return [rollout];
  },

  async 'no-data'(scene) {
    await scene.apply({ ...onlySydney, soak: { min: '300ms', max: '2s', interval: '1s', minSamples: 100 } });
    scene.world.metrics.set('production/sydney@1.1.0', () => silent);
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilPerson(rollout);
    scene.world.metrics.set('production/sydney@1.1.0', () => healthy);
    await scene.decide(rollout, 'resume');
    await scene.untilEnded(rollout);
    return [rollout];
  },

  async 'pause-abort'(scene) {
    await scene.apply({ ...onlySydney, ...longSoak });
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilRegion(rollout, 'production/sydney', 'soaking');
    await scene.decide(rollout, 'pause');
    await scene.signal(rollout, 'resume', { by: 'ana' });
    await scene.until(rollout, 'running');
    await scene.signal(rollout, 'retry');
    await scene.decide(rollout, 'abort', { reason: 'enough' });
    await scene.untilEnded(rollout);
    return [rollout];
  },

  async approvals(scene) {
    await scene.apply({ lifecycle: [{ environment: 'production', waves: [['sydney']], gates: [gate], regionGates: [{ ...gate, name: 'local' }] }] });
    const { rollout } = await scene.ship('1.1.0');
    await scene.until(rollout, 'waiting');
    await scene.decide(rollout, 'approve', { gate: 'go-no-go' });
    await scene.untilRegion(rollout, 'production/sydney', 'gated');
    await scene.decide(rollout, 'approve', { region: 'sydney' });
    await scene.untilEnded(rollout);
    return [rollout];
  },

  async 'approval-rejected'(scene) {
    await scene.apply({ lifecycle: [{ environment: 'production', waves: [['sydney']], gates: [gate] }] });
    const { rollout } = await scene.ship('1.1.0');
    await scene.until(rollout, 'waiting');
    await scene.decide(rollout, 'reject', { reason: 'not today' });
    await scene.untilEnded(rollout);
    return [rollout];
  },

  async 'stuck-retry-skip'(scene) {
    await scene.apply({ ...onlySydney, policy: { undoTimeout: '1s' } });
    scene.world.metrics.set('production/sydney@1.1.0', () => sick);
    scene.world.trouble.set('production/sydney', (verb) => {
      if (verb === 'undo') throw new MeridianFailure('RegionUnreachable', 'connection refused');
    });
    const { rollout } = await scene.ship('1.1.0');
    await scene.until(rollout, 'stuck');
    await scene.decide(rollout, 'retry');
    await scene.until(rollout, 'rolling-back');
    await scene.until(rollout, 'stuck');
    await scene.decide(rollout, 'skip', { reason: 'by hand' });
    await scene.untilRegion(rollout, 'production/sydney', 'failed');
    await scene.decide(rollout, 'abort', { reason: 'over' });
    await scene.untilEnded(rollout);
    return [rollout];
  },

  async 'queue-and-preflight'(scene) {
    await scene.apply({ ...onlySydney, ...longSoak });
    const { rollout: first } = await scene.ship('1.1.0');
    const { rollout: second } = await scene.ship('1.2.0');
    await scene.untilRegion(first, 'production/sydney', 'soaking');
    scene.world.trouble.set('production/sydney', (verb) => {
      if (verb === 'current') throw new MeridianFailure('TargetMisconfigured', 'no such target');
    });
    await scene.decide(first, 'abort', { reason: 'make room' });
    await scene.untilEnded(second);
    return [first, second];
  },

  async 'gates-and-override'(scene) {
    let isOpen = false;
    scene.world.gatekeeper = async ({ name }) => ({ isOpen: isOpen && name === hook.name, saw: 'as it is' });
    await scene.apply({ lifecycle: [{ environment: 'production', waves: [['sydney']], gates: [hook], regionGates: [{ ...hook, name: 'never' }] }] });
    const { rollout } = await scene.ship('1.1.0');
    await scene.until(rollout, 'waiting');
    isOpen = true;
    await scene.untilRegion(rollout, 'production/sydney', 'gated');
    await scene.decide(rollout, 'override', { reason: 'customers wait' });
    await scene.untilEnded(rollout);
    return [rollout];
  },

  async 'freeze-and-drain'(scene, stage) {
    await scene.apply({ ...onlyProduction, soak: { min: '3s', max: '30s', interval: '1s', minSamples: 100 } });
    await scene.drain('frankfurt', 'new racks');
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilRegion(rollout, 'production/sydney', 'soaking');
    await stage.freeze('black-friday', 'ana', { scope: { pipelines: [scene.name] }, to: new Date(Date.now() + 4_000).toISOString() });
    await scene.until(rollout, 'waiting');
    await scene.untilRegion(rollout, 'production/virginia', 'live');
    await scene.until(rollout, 'waiting');
    await scene.decide(rollout, 'skip', { region: 'frankfurt', reason: 'later' });
    await scene.untilEnded(rollout);
    await scene.drain('frankfurt', null);
    const joiner = `${scene.name}-2`;
    await waitFor('the joiner', () => scene.world.versionIn('production/frankfurt') === '1.1.0');
    await scene.untilEnded(joiner);
    return [rollout, joiner];
  },

  async superseded(scene) {
    await scene.apply({ ...onlySydney, ...longSoak, policy: { overlap: 'supersede' } });
    const { rollout: first } = await scene.ship('1.1.0');
    await scene.untilRegion(first, 'production/sydney', 'soaking');
    const { rollout: second } = await scene.ship('1.2.0');
    await scene.untilRegion(second, 'production/sydney', 'soaking');
    await scene.decide(second, 'rollback', { reason: 'enough' });
    await scene.untilEnded(second);
    return [first, second];
  },

  async 'scheduled-rehearsed-promoted'(scene) {
    await scene.apply({ lifecycle: [{ environment: 'staging', waves: [['frankfurt']] }, { environment: 'production', waves: [['sydney']], promotion: 'manual' }] });
    const { rollout } = await scene.ship('1.1.0', { startAt: new Date(Date.now() + 1_500).toISOString(), rehearse: true });
    await waitFor('it to run', async () => (await scene.view(rollout)).status === 'running');
    await scene.decide(rollout, 'promote', { by: 'cleo' });
    await scene.untilEnded(rollout);
    const next = `${scene.name}-2`;
    await waitFor('the next', () => scene.world.versionIn('production/sydney') === '1.1.0');
    await scene.untilEnded(next);
    return [rollout, next];
  },

  async 'drift-and-recheck'(scene) {
    const own = { ...gate, name: 'go' };
    await scene.apply({ lifecycle: [{ environment: 'staging', waves: [['frankfurt']] }, { environment: 'production', waves: [['sydney']], gates: [own] }] });
    const { rollout } = await scene.ship('1.0.0');
    await scene.until(rollout, 'waiting');
    await scene.revoke('1.0.0', 'it lost orders');
    scene.world.running.set('production/sydney', { version: '0.8.0' });
    await scene.decide(rollout, 'approve');
    await scene.until(rollout, 'held');
    await scene.decide(rollout, 'resume');
    await scene.untilRegion(rollout, 'production/sydney', 'held');
    await scene.decide(rollout, 'resume');
    await scene.untilEnded(rollout);
    return [rollout];
  },

  async 'lost-phase'(scene) {
    await scene.apply({ lifecycle: [{ environment: 'staging', waves: [['frankfurt']] }, { environment: 'production', waves: [['sydney']] }] });
    await scene.untilEnded((await scene.ship('1.0.0', { to: 'staging' })).rollout);
    scene.world.running.set('staging/frankfurt', { version: '0.9.0' });
    const { rollout } = await scene.ship('1.0.0');
    await scene.untilEnded(rollout);
    return [rollout];
  },

  async tenants(scene) {
    const tenants = { acme: { regions: ['sydney'] }, globex: { regions: ['sydney'] } };
    await scene.apply({ ...onlySydney, tenants });
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilEnded(rollout);
    return [rollout];
  },

  async 'migration-contract'(scene) {
    await scene.apply(withDatabase(scene));
    await scene.untilEnded((await scene.ship('1.0.0')).rollout);
    const { rollout } = await scene.ship(free, { migrations: [split] });
    await scene.untilEnded(rollout);
    const { rollout: contract } = await scene.contract();
    await scene.untilPerson(contract);
    await scene.decide(contract, 'approve', { gate: 'point-of-no-return', reason: 'go' });
    await scene.untilEnded(contract);
    return [rollout, contract];
  },

  async 'migration-undone'(scene) {
    await scene.apply({ ...withDatabase(scene, { expandFirst: 'all' }) });
    await scene.untilEnded((await scene.ship('1.0.0')).rollout);
    scene.world.metrics.set('production/frankfurt@1.1.0', () => sick);
    const { rollout } = await scene.ship(free, { migrations: [split] });
    await scene.untilPerson(rollout);
    await scene.decide(rollout, 'rollback', { reason: 'it is bad' });
    await scene.untilEnded(rollout);
    return [rollout];
  },

  async 'contract-undone'(scene) {
    const reversible = knownMigration('0001-split-name');
    await scene.apply(withDatabase(scene));
    await scene.untilEnded((await scene.ship('1.0.0')).rollout);
    const { rollout } = await scene.ship(free, { migrations: [reversible] });
    await scene.untilEnded(rollout);
    scene.world.metrics.set('production/sydney@1.1.0', () => sick);
    const { rollout: contract } = await scene.contract();
    await scene.untilPerson(contract);
    await scene.decide(contract, 'abort', { reason: 'later' });
    await scene.untilEnded(contract);
    return [contract];
  },
};

/** A database for each region; a contract is started by hand, and waits for nothing but its approval. */
const withDatabase = (scene: Scene, changes: Record<string, unknown> = {}) =>
  ({ database: { type: 'postgres', url: `${scene.name}|{{ place }}`, contractAfter: '0s', contract: 'manual', ...changes } });

const split = knownMigration('0001-split-name', { contract: { up: 'alter table customers drop column name' } });
const free = { version: '1.1.0', migrations: ['0001-split-name'], freeOf: ['0001-split-name'] };
