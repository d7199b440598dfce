import { MeridianFailure } from '../../src/rollout/failure.js';
import { healthy, sick, silent } from '../support/fake-world.js';
import { onlySydney, type Scene } from '../support/stage.js';

const longSoak = { soak: { min: '1h', max: '2h', interval: '1s', minSamples: 100 } };
const gate = { name: 'go-no-go', type: 'approval', roles: ['release-manager'], timeout: '24h' };

/** One story for each way that a rollout can take. Each gives the rollouts whose histories are kept. */
export const paths: Record<string, (scene: Scene) => Promise<string[]>> = {
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
};
