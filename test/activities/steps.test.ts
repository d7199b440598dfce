import { setImmediate as nextTurn } from 'node:timers/promises';
import { MockActivityEnvironment } from '@temporalio/testing';
import { ApplicationFailureCategory, CancelledFailure } from '@temporalio/common';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Dependencies } from '../../activities/dependencies.js';
import { preflight } from '../../activities/preflight.js';
import { recheckRegion } from '../../activities/recheck-region.js';
import { deployRegion, undoRegion } from '../../activities/region-steps.js';
import type { PlaceWork, StepWork, UndoWork } from '../../activities/work.js';
import { MeridianFailure } from '../../src/rollout/failure.js';
import { resolveVariables } from '../../src/adapters/references.js';
import type { Place } from '../../src/rollout/places.js';
import { regionSettings } from '../../src/rollout/document/settings.js';
import { fillIn } from '../../src/rollout/document/templates.js';
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
const at = (region: string): Place => ({ environment: 'production', region });
const place = (region: string): PlaceWork => ({ pipeline: 'shop', ...at(region), settings: regionSettings(document, at(region)) });
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

describe('an undo', () => {
  const undo: UndoWork = {
    ...place('sydney'), key: 'shop-1/production/sydney/1/deploy/undo', rollout: 'shop-1',
    from: { version: '1.1.0' }, to: { version: '1.0.0' }, previous: '1.0.5', overwrite: false,
  };
  const run = (work: Partial<UndoWork> = {}): Promise<unknown> => new MockActivityEnvironment().run(undoRegion(dependencies), { ...undo, ...work });

  it.each([
    ['the release that is taken away', '1.1.0'], ['the one that is put back', '1.0.0'], ['the one that ran before', '1.0.5'], ['nothing, after a crash', null],
  ])('is done where it finds %s', async (_what, found) => {
    if (found !== null) world.running.set('production/sydney', { version: found });
    await run();
    expect(world.versionIn('production/sydney')).toBe('1.0.0');
  });

  it('leaves alone what somebody else has put there, for good, until a person wants it overwritten', async () => {
    world.running.set('production/sydney', { version: '1.0.9-hotfix' });
    expect(await endOf(run())).toMatchObject({ type: 'Drift', nonRetryable: true, message: expect.stringContaining('production/sydney runs 1.0.9-hotfix') });
    expect(await endOf(run({ to: null, previous: null }))).toMatchObject({ type: 'Drift' });
    expect(world.deeds).toEqual([]);
    await run({ overwrite: true });
    expect(world.versionIn('production/sydney')).toBe('1.0.0');
  });

  it('is not kept from its work by a target that will never say what runs there, and waits for one that may', async () => {
    const failures = [new MeridianFailure('RegionUnreachable', 'connection refused'), new MeridianFailure('TargetMisconfigured', 'the script `current` is gone')];
    world.trouble.set('production/sydney', (verb) => {
      const failure = verb === 'current' ? failures.shift() : undefined;
      if (failure) throw failure;
    });
    expect(await endOf(run())).toMatchObject({ type: 'RegionUnreachable', nonRetryable: false });
    expect(world.deeds).toEqual([]);
    await run();
    expect(world.versionIn('production/sydney')).toBe('1.0.0');
  });

  it('is tried again while what it has put back does not serve', async () => {
    world.trouble.set('production/sydney', (verb) => {
      if (verb === 'verify') throw new MeridianFailure('VerifyFailed', '503');
    });
    expect(await endOf(run())).toMatchObject({ type: 'UndoFailed', nonRetryable: false, message: expect.stringContaining('does not serve') });
  });
});

describe('a second look at a region that was fine', () => {
  const run = (): Promise<unknown> => new MockActivityEnvironment().run(recheckRegion(dependencies), { ...step, key: 'shop-1/production/sydney/0/recheck/do' });

  it('finds the release running and healthy', async () => {
    world.running.set('production/sydney', step.release);
    expect(await run()).toEqual({ isGood: true, saw: 'it runs 1.1.0 and is healthy', running: step.release });
  });

  it('finds another release, or nothing, and asks no further', async () => {
    expect(await run()).toEqual({ isGood: false, saw: 'it runs nothing', running: null });
    world.running.set('production/sydney', { version: '1.0.0' });
    expect(await run()).toEqual({ isGood: false, saw: 'it runs 1.0.0', running: { version: '1.0.0' } });
    expect(world.deeds).toEqual([]);
  });

  it('finds it sick', async () => {
    world.running.set('production/sydney', step.release);
    world.trouble.set('production/sydney', (verb) => {
      if (verb === 'verify') throw new MeridianFailure('VerifyFailed', '/healthz answers 503');
    });
    expect(await run()).toEqual({ isGood: false, saw: '/healthz answers 503', running: step.release });
  });

  it('finds nothing out where nobody answers, and is asked again', async () => {
    world.trouble.set('production/sydney', () => {
      throw new MeridianFailure('RegionUnreachable', 'connection refused');
    });
    expect(await endOf(run())).toMatchObject({ type: 'RegionUnreachable', nonRetryable: false });
  });
});

describe('a tenant of a region', () => {
  it('is a place of its own for its target, with its own variables and name in templates', async () => {
    const places: unknown[] = [];
    const tenants = { regions: ['sydney'] };
    const own = documentFor('shop', {
      tenants: { acme: tenants, globex: tenants },
      variables: [{ name: 'HOST', values: [{ value: 'shared' }, { value: 'acme-host', tenant: 'acme' }] }],
      target: { type: 'webhook', url: 'https://{{ HOST }}/{{ tenant.name }}/{{ region.name }}' },
    });
    const connected: unknown[] = [];
    dependencies = { ...dependencies, fillIn, resolveVariables };
    dependencies.connectTarget = (settings) => {
      connected.push(settings);
      return { ...world.target(), deploy: async (deploy) => { places.push(deploy); return { status: 'done' }; } };
    };
    for (const tenant of ['acme', 'globex']) {
      const work = { ...step, tenant, settings: regionSettings(own, { environment: 'production', region: 'sydney', tenant }) };
      await new MockActivityEnvironment().run(deployRegion(dependencies), work);
    }
    expect(connected).toMatchObject([{ url: 'https://acme-host/acme/sydney' }, { url: 'https://shared/globex/sydney' }]);
    expect(places).toMatchObject([{ region: 'sydney', tenant: 'acme', variables: { HOST: 'acme-host' } }, { region: 'sydney', tenant: 'globex', variables: { HOST: 'shared' } }]);
  });
});

describe('preflight', () => {
  const schema = { rollout: 'shop-1', migrations: [], toApply: [], serving: {} };

  it('names everything that is wrong at once, and touches nothing', async () => {
    const release = { version: '1.1.0', artifact: { path: '/releases/1.1.0', digest: `sha256:${'0'.repeat(64)}` } };
    dependencies.verifyFolder = async () => {
      throw new MeridianFailure('ArtifactMissing', 'there is no folder /releases/1.1.0');
    };
    world.trouble.set('production/virginia', () => {
      throw new MeridianFailure('TargetMisconfigured', 'virginia has no target');
    });
    const ended = await endOf(new MockActivityEnvironment().run(preflight(dependencies), { document, places: [at('sydney'), at('virginia')], release, schema }));
    expect(ended).toMatchObject({ type: 'ArtifactMissing', message: 'there is no folder /releases/1.1.0\nvirginia has no target', nonRetryable: true });
    expect(world.deeds).toEqual([]);
  });

  it('asks many places at a time, never more than ten, and tells what is wrong in their order', async () => {
    let [asking, most] = [0, 0];
    dependencies.connectTarget = () => ({
      ...world.target(),
      current: async ({ tenant }) => {
        most = Math.max(most, ++asking);
        await nextTurn();
        asking -= 1;
        throw new MeridianFailure('RegionUnreachable', `${tenant} does not answer`);
      },
    });
    const tenants = Array.from({ length: 25 }, (_, index) => `tenant-${index}`);
    const places = tenants.map((tenant) => ({ ...at('sydney'), tenant }));
    const ended = await endOf(new MockActivityEnvironment().run(preflight(dependencies), { document, places, release: { version: '1.1.0' }, schema }));
    expect(ended).toMatchObject({ type: 'RegionUnreachable', message: tenants.map((tenant) => `${tenant} does not answer`).join('\n') });
    expect(most).toBe(10);
  });

  it('is tried again when all that is wrong is a region that cannot be reached now', async () => {
    world.trouble.set('production/virginia', () => {
      throw new MeridianFailure('RegionUnreachable', 'connection refused');
    });
    const ended = await endOf(new MockActivityEnvironment().run(preflight(dependencies), { document, places: [at('virginia')], release: { version: '1.1.0' }, schema }));
    expect(ended).toMatchObject({ type: 'RegionUnreachable', nonRetryable: false });
  });
});
