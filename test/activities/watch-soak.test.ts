import { MockActivityEnvironment } from '@temporalio/testing';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Dependencies } from '../../activities/dependencies.js';
import type { SoakHeartbeat } from '../../activities/soak-heartbeat.js';
import { watchSoak } from '../../activities/watch-soak.js';
import type { SoakWork } from '../../activities/work.js';
import { MeridianFailure } from '../../src/rollout/failure.js';
import { regionSettings } from '../../src/rollout/document/settings.js';
import { installRuntime } from '../../src/temporal-runtime.js';
import { fakeDependencies, FakeWorld, healthy, sick, silent } from '../support/fake-world.js';
import { documentFor } from '../support/stage.js';

const name = 'shop';
installRuntime({ logLevel: 'silent' });

let world: FakeWorld;
let dependencies: Dependencies;
beforeEach(() => {
  world = new FakeWorld();
  dependencies = fakeDependencies(() => world, undefined as never);
});

const work: SoakWork = {
  pipeline: name, rollout: 'shop-1', environment: 'production', region: 'sydney', release: { version: '1.1.0' },
  settings: regionSettings(documentFor(name, { soak: { min: '1m', max: '2m', interval: '30s', minSamples: 250 } }), { environment: 'production', region: 'sydney' }),
  startedAt: '2026-11-21T12:00:00.000Z',
};

/** One attempt of the watch: what it ended in, and what it left in its heartbeat. */
async function attempt(before?: SoakHeartbeat): Promise<{ ended: unknown; kept: SoakHeartbeat | undefined }> {
  const env = new MockActivityEnvironment({ heartbeatDetails: before });
  let kept: SoakHeartbeat | undefined;
  env.on('heartbeat', (details: SoakHeartbeat) => {
    kept = details;
  });
  const ended = await env.run(watchSoak(dependencies), work).catch((error: unknown) => error);
  return { ended, kept };
}

describe('one look of the watch', () => {
  it('ends by failing benignly until the next one is due', async () => {
    const { ended } = await attempt();
    expect(ended).toBeInstanceOf(ApplicationFailure);
    const failure = ended as ApplicationFailure;
    expect(failure).toMatchObject({ type: 'Soaking', nonRetryable: false, category: ApplicationFailureCategory.BENIGN });
    expect(failure.nextRetryDelay).toBeGreaterThanOrEqual(27_000);
    expect(failure.nextRetryDelay).toBeLessThanOrEqual(33_000);
    expect(failure.message.length).toBeLessThan(1_024);
  });

  it('goes on with the evidence that the look before it has kept', async () => {
    const first = await attempt();
    expect(first.kept?.results).toMatchObject([{ name: 'errors', verdict: 'no-data', evidence: 100 }]);
    const second = await attempt(first.kept);
    const third = await attempt(second.kept);
    expect(third.kept?.results).toMatchObject([{ name: 'errors', verdict: 'pass', evidence: 300, observed: 0 }]);
    expect(JSON.stringify(third.kept).length).toBeLessThan(1_500);
  });

  it('returns, and ends the watch, only with a fail', async () => {
    world.metrics.set('production/sydney@1.1.0', () => sick);
    const second = await attempt((await attempt()).kept);
    expect(second.ended).toBeInstanceOf(ApplicationFailure);
    const third = await attempt(second.kept);
    expect(third.ended).toMatchObject({ verdict: 'fail', results: [{ name: 'errors', observed: 0.4, limit: 0.01 }] });
  });

  it('keeps what it knew while the source is silent', async () => {
    const before = (await attempt()).kept;
    world.metrics.set('production/sydney@1.1.0', () => silent);
    const { ended, kept } = await attempt(before);
    expect(ended).toMatchObject({ type: 'Soaking' });
    expect(kept?.results).toMatchObject([{ verdict: 'no-data', evidence: 100 }]);
    world.metrics.set('production/sydney@1.1.0', () => healthy);
    expect((await attempt(kept)).kept?.results).toMatchObject([{ evidence: 200 }]);
  });

  it('ends for good with a code when its settings can never work', async () => {
    dependencies.fillIn = () => {
      throw new MeridianFailure('TemplateInvalid', 'there is no variable PROT; did you mean PORT?');
    };
    expect((await attempt()).ended).toMatchObject({ type: 'TemplateInvalid', nonRetryable: true, message: 'there is no variable PROT; did you mean PORT?' });
  });
});
