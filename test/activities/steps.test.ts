import { MockActivityEnvironment } from '@temporalio/testing';
import { ApplicationFailureCategory, CancelledFailure } from '@temporalio/common';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Dependencies } from '../../activities/dependencies.js';
import { preflight } from '../../activities/preflight.js';
import { deployRegion } from '../../activities/region-steps.js';
import type { PlaceWork, StepWork } from '../../activities/work.js';
import { MeridianFailure } from '../../src/rollout/failure.js';
import { regionSettings } from '../../src/rollout/settings.js';
import { installRuntime } from '../../src/temporal-runtime.js';
import { fakeDependencies, FakeWorld } from '../support/fake-world.js';
import { documentFor } from '../support/stage.js';

installRuntime({ logLevel: 'silent' });

let world: FakeWorld;
let dependencies: Dependencies;
beforeEach(() => {
  world = new FakeWorld();
  dependencies = fakeDependencies(() => world, undefined as never);
});

const document = documentFor('shop');
const place = (region: string): PlaceWork => ({
  pipeline: 'shop', environment: 'production', region, settings: regionSettings(document, { environment: 'production', region }),
});
const step: StepWork = { ...place('sydney'), key: 'shop-1/production/sydney/1/deploy/do', rollout: 'shop-1', release: { version: '1.1.0' }, previous: null };

const endOf = (run: Promise<unknown>): Promise<unknown> => run.catch((error: unknown) => error);

describe('a step of a region', () => {
  it('is asked again with the same key while the target says that it still runs', async () => {
    dependencies.connectTarget = () => ({ ...world.target(), deploy: async () => ({ status: 'running', retryAfterMs: 7_000, message: '2 of 5 pods' }) });
    const ended = await endOf(new MockActivityEnvironment().run(deployRegion(dependencies), step));
    expect(ended).toMatchObject({
      type: 'StepTimedOut', message: 'still running: 2 of 5 pods', nonRetryable: false, nextRetryDelay: 7_000, category: ApplicationFailureCategory.BENIGN,
    });
  });

  it.each([
    ['is tried again', 'RegionUnreachable', false],
    ['is final', 'DeployFailed', true],
    ['is final', 'DigestMismatch', true],
  ] as const)('that ends in a failure %s when its code is %s', async (_what, code, nonRetryable) => {
    world.trouble.set('production/sydney', () => {
      throw new MeridianFailure(code, 'what happened');
    });
    const ended = await endOf(new MockActivityEnvironment().run(deployRegion(dependencies), step));
    expect(ended).toMatchObject({ type: code, message: 'what happened', nonRetryable });
  });

  it('hands its cancellation on to the target, and ends as cancelled', async () => {
    const env = new MockActivityEnvironment();
    dependencies.connectTarget = () => ({
      ...world.target(),
      deploy: (_step, signal) => new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('socket closed')));
        env.cancel();
      }),
    });
    expect(await endOf(env.run(deployRegion(dependencies), step))).toBeInstanceOf(CancelledFailure);
  });
});

describe('preflight', () => {
  it('names everything that is wrong at once, and touches nothing', async () => {
    const release = { version: '1.1.0', artifact: { path: '/releases/1.1.0', digest: `sha256:${'0'.repeat(64)}` } };
    dependencies.verifyFolder = async () => {
      throw new MeridianFailure('ArtifactMissing', 'there is no folder /releases/1.1.0');
    };
    world.trouble.set('production/virginia', () => {
      throw new MeridianFailure('TargetMisconfigured', 'virginia has no target');
    });
    const ended = await endOf(new MockActivityEnvironment().run(preflight(dependencies), { places: [place('sydney'), place('virginia')], release }));
    expect(ended).toMatchObject({ type: 'ArtifactMissing', message: 'there is no folder /releases/1.1.0\nvirginia has no target', nonRetryable: true });
    expect(world.deeds).toEqual([]);
  });

  it('is tried again when all that is wrong is a region that cannot be reached now', async () => {
    world.trouble.set('production/virginia', () => {
      throw new MeridianFailure('RegionUnreachable', 'connection refused');
    });
    const ended = await endOf(new MockActivityEnvironment().run(preflight(dependencies), { places: [place('virginia')], release: { version: '1.1.0' } }));
    expect(ended).toMatchObject({ type: 'RegionUnreachable', nonRetryable: false });
  });
});
