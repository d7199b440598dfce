import { randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { baseline, openPipelines } from '../../activities/pipeline-questions.js';
import { startScheduled } from '../../activities/start-scheduled.js';
import type { ScheduledWork } from '../../activities/work.js';
import { pipelineWorkflowId } from '../../src/rollout/ids.js';
import { calendarSignal } from '../../workflows/messages/pipeline.js';
import { openStage, type Scene, type Stage } from '../support/stage.js';
import { temporalAddress } from '../support/temporal.js';
import { waitFor } from '../support/wait-for.js';
import { gateDependencies, gateWork, look } from './gates/gate-work.js';

// What activities ask of pipelines, on a real server with a real worker.
let stage: Stage;
/** Only looked at. */
let halfWay: Scene;
beforeAll(async () => {
  stage = await openStage(temporalAddress());
  halfWay = await shippedHalfWay();
});
afterAll(() => stage.close());

/** A pipeline with 1.0.0 verified everywhere and 1.1.0 verified in staging. */
async function shippedHalfWay(): Promise<Scene> {
  const scene = stage.scene();
  await scene.apply();
  for (const { release, to } of [{ release: '1.0.0', to: 'production' }, { release: '1.1.0', to: 'staging' }]) {
    const { rollout } = await scene.ship(release, { to });
    expect(await scene.untilEnded(rollout)).toMatchObject({ status: 'succeeded' });
  }
  return scene;
}

describe('a pipeline', () => {
  it('is on the list of all while it lives', async () => {
    const scene = stage.scene();
    const list = openPipelines(gateDependencies({ client: stage.client }));
    await scene.apply();
    await waitFor(`${scene.name} is listed`, async () => (await list()).includes(scene.name));
  });

  it('says what was good in a place and what should run there; one that is not there says nothing', async () => {
    const ask = baseline(gateDependencies({ client: stage.client }));
    const question = { environment: 'staging', region: 'frankfurt', not: '1.2.0' };
    expect(await ask({ pipeline: halfWay.name, ...question })).toEqual({ good: { version: '1.1.0' }, onBoard: { release: '1.1.0', status: 'live' }, isVerified: false });
    expect(await ask({ pipeline: `${halfWay.name}-gone`, ...question })).toBeNull();
  });
});

describe('a dependency', () => {
  const lookAt = (gate: Record<string, unknown>, places = [{ environment: 'production', region: 'sydney' }], client = stage.client) =>
    look(gateDependencies({ client }), gateWork({ type: 'dependency', interval: '7s', ...gate }, { places }));

  it('opens the gate once the other pipeline has the release verified there', async () => {
    const pipeline = halfWay.name;
    expect(await lookAt({ pipeline, release: '1.0.0' })).toEqual({
      isOpen: true, saw: `${pipeline} 1.0.0 is verified in production/sydney`, lookAgainMs: 7_000,
    });
    expect(await lookAt({ pipeline })).toMatchObject({ isOpen: true, saw: `what ${pipeline} runs is verified in production/sydney` });
    // Ours is 1.1.0, and theirs is not there yet.
    expect(await lookAt({ pipeline, release: '{{ release.version }}' })).toEqual({
      isOpen: false, saw: `${pipeline} 1.1.0 is not verified in production/sydney`, lookAgainMs: 7_000,
    });
    expect(await lookAt({ pipeline, release: '{{ release.version }}', environment: 'staging' }, [{ environment: 'production', region: 'frankfurt' }]))
      .toMatchObject({ isOpen: true, saw: `${pipeline} 1.1.0 is verified in staging/frankfurt` });
    expect(await lookAt({ pipeline, environment: 'staging' })).toMatchObject({ isOpen: false, saw: expect.stringContaining('staging/sydney') });
  });

  it('keeps it closed, in words, where there is no such pipeline or nobody can be asked', async () => {
    expect(await lookAt({ pipeline: 'no-such-pipeline' })).toMatchObject({ isOpen: false, saw: 'there is no pipeline no-such-pipeline' });
    const lost = new Client({ connection: stage.client.connection, namespace: `no-such-${randomUUID()}` });
    expect(await lookAt({ pipeline: 'ledger' }, undefined, lost)).toMatchObject({ isOpen: false, saw: expect.stringMatching(/ledger/) });
  });
});

describe('a schedule whose time has come', () => {
  const start = (work: Partial<ScheduledWork> & Pick<ScheduledWork, 'pipeline' | 'release'>, runId = randomUUID()): Promise<string> => {
    const env = new MockActivityEnvironment({ workflowExecution: { workflowId: 'schedule', runId } });
    const whole: ScheduledWork = { schedule: 'nightly', rehearse: false, reason: 'every night', by: 'dora', ...work };
    return env.run(startScheduled(gateDependencies({ client: stage.client })), whole);
  };

  it('ships the newest release that is verified where it must be, in the name of its maker, and once however often it is asked', async () => {
    const scene = await shippedHalfWay();
    const runId = randomUUID();
    const work = { pipeline: scene.name, release: { verifiedIn: 'staging' } };
    expect(await start(work, runId)).toBe(`${scene.name}-3 ships 1.1.0`);
    expect(await start(work, runId)).toBe(`${scene.name}-3 ships 1.1.0`);
    const view = await scene.untilEnded(`${scene.name}-3`);
    expect(view).toMatchObject({ status: 'succeeded', release: '1.1.0', startedBy: 'dora', reason: 'every night', lane: 'normal' });
    expect(await start(work)).toMatch(/^started none: NothingToDo: /);
  });

  it('ships as far as it is told', async () => {
    const scene = stage.scene();
    await scene.apply();
    const { rollout } = await scene.ship('1.0.0', { to: 'staging' });
    await scene.untilEnded(rollout);
    expect(await start({ pipeline: scene.name, release: { version: '1.0.0' }, to: 'staging' })).toMatch(/^started none: NothingToDo: /);
    expect(await start({ pipeline: scene.name, release: { version: '1.0.0' } })).toBe(`${scene.name}-2 ships 1.0.0`);
    await scene.untilEnded(`${scene.name}-2`);
  });

  it('says why it starts none', async () => {
    const { name: pipeline } = halfWay;
    expect(await start({ pipeline: 'no-such-pipeline', release: { version: '1.0.0' } })).toBe('started none: there is no pipeline no-such-pipeline');
    expect(await start({ pipeline, release: { version: '9.9.9' } })).toBe('started none: no release is known that is called 9.9.9');
    expect(await start({ pipeline, release: { verifiedIn: 'moon' } })).toBe('started none: no release is known that is verified in every region of moon');
    const block = { name: 'cve', version: '1.1.0', reason: 'it leaks', by: 'ben', at: new Date().toISOString() };
    // As the calendar says it.
    await stage.client.workflow.getHandle(pipelineWorkflowId(pipeline)).signal(calendarSignal, { freezes: [], blocks: [block] });
    expect(await start({ pipeline, release: { verifiedIn: 'staging' } })).toMatch(/^started none: ReleaseBlocked: .*it leaks/);
  });
});
