import type { Connection } from '@temporalio/client';
import { pino } from 'pino';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { RolloutPage } from '../../../src/http/answers.js';
import { startServer } from '../../../src/server.js';
import { temporalAddress } from '../../support/temporal.js';
import type { Scene } from '../../support/stage.js';
import { waitFor } from '../../support/wait-for.js';
import { documentOf, longSoak, openApi, type OpenApi } from './open-api.js';

const onePlace = { regions: { sydney: { weight: 5 } }, lifecycle: [{ environment: 'production' }] };

let api: OpenApi;
let scene: Scene;
/** The first rollout has ended and the second soaks when the only worker stops. */
beforeAll(async () => {
  api = await openApi(temporalAddress());
  scene = api.stage.scene();
  await api.apply(scene, onePlace);
  await api.until(await api.ship(scene, '1.1.0'), 'to end', ({ status }) => status === 'succeeded');
  await api.apply(scene, { ...longSoak, ...onePlace });
  await api.until(await api.ship(scene, '1.2.0'), 'to soak', ({ regions }) => regions[0]?.status === 'soaking');
  await waitFor('the list to know both', async () => (await rollouts()).items.length === 2);
  await api.stage.stopWorker();
});
afterAll(() => api.close());

const rollouts = async (): Promise<RolloutPage> =>
  RolloutPage.parse((await api.http.get(`/v1/rollouts?pipeline=${scene.name}`).expect(200)).body);

describe('while no worker is up', () => {
  it('lists, the board and rollouts that have ended are read as ever', async () => {
    expect((await rollouts()).items.map(({ status }) => status).toSorted()).toEqual(['running', 'succeeded']);
    expect((await api.http.get(`/v1/board?pipeline=${scene.name}`).expect(200)).body).toMatchObject({ items: [{ cells: [{ region: 'sydney', release: '1.2.0' }] }] });
    expect((await api.http.get(`/v1/rollouts/${scene.name}-1`).expect(200)).body).toMatchObject({ status: 'succeeded', regions: [{ region: 'sydney', status: 'live' }] });
  });

  it('schedules are set, read and removed as ever', async () => {
    const address = `/v1/schedules/${scene.name}-nightly`;
    await api.http.put(address).send({ pipeline: scene.name, release: { version: '1.1.0' }, cron: '0 2 * * *', reason: 'Every night.' }).expect(201);
    expect((await api.http.get(address).expect(200)).body).toMatchObject({ cron: '0 2 * * *', recent: [] });
    await api.http.get('/v1/schedules').expect(200);
    await api.http.delete(address).expect(204);
  });

  it('what only a worker knows is 503 with a reason, and with what is known without one', async () => {
    const pipeline = await api.http.get(`/v1/pipelines/${scene.name}`);
    expect([pipeline.status, pipeline.body]).toMatchObject([503, { code: 'NoWorker', detail: expect.stringContaining('No worker') as string }]);
    const rollout = await api.http.get(`/v1/rollouts/${scene.name}-2`);
    expect([rollout.status, rollout.body]).toMatchObject([503, { code: 'NoWorker', rollout: { id: `${scene.name}-2`, status: 'running' } }]);
  });

  it('a write is refused with what to do; sent again under the same key, it takes effect once', async () => {
    const send = () => api.http.put(`/v1/pipelines/${scene.name}`).set('Idempotency-Key', 'later').send(documentOf(scene));
    const early = await send();
    // Temporal lists a worker that has just stopped for a while: then it is only known that no answer came in time.
    expect([503, 504]).toContain(early.status);
    expect(early.body).toMatchObject({ detail: expect.stringContaining('same Idempotency-Key') as string });
    await api.stage.startWorker();
    const answer = await waitFor('the worker to answer', async () => {
      const later = await send();
      return later.status === 200 && later;
    });
    expect(answer.body).toMatchObject({ changed: true, revision: 3 });
    expect((await api.untilStatus(`/v1/pipelines/${scene.name}`, 200)).body).toMatchObject({ revision: 3 });
    await api.http.post(`/v1/rollouts/${scene.name}-2/abort`).send({ reason: 'over' }).expect(200);
  });
});

describe('where no worker has ever been', () => {
  it('everything that takes one is 503 at once, and /readyz says which is missing', async () => {
    const config = { ...api.stage.config, port: 0, taskQueue: 'nobody' };
    const server = await startServer(config, { connection: api.stage.client.connection as Connection, logger: pino({ level: 'silent' }) });
    onTestFinished(() => server.close());
    const http = request(server.url);
    const nobody = api.stage.scene();
    const write = await http.put(`/v1/pipelines/${nobody.name}`).send(documentOf(nobody));
    expect([write.status, write.get('retry-after'), write.body]).toMatchObject([503, '5', { code: 'NoWorker', detail: expect.stringContaining('task queue nobody') as string }]);
    const ready = await http.get('/readyz');
    expect([ready.status, ready.body]).toMatchObject([503, { checks: [{ name: 'temporal', ok: true }, { name: 'worker', ok: false }] }]);
    await api.stage.client.workflow.getHandle(`pipeline/${nobody.name}`).terminate();
  });

  it('and where there is one, all is ready', async () => {
    await api.untilStatus('/readyz', 200);
  });
});

describe('a rollout whose workflow was terminated in Temporal', () => {
  it('does not pretend to run: it failed, and says why', async () => {
    const other = api.stage.scene();
    await api.apply(other, longSoak);
    const id = await api.ship(other, '1.1.0');
    await api.until(id, 'to soak', ({ regions }) => regions[0]?.status === 'soaking');
    await api.stage.client.workflow.getHandle(`rollout/${id}`).terminate('by a person');
    const rollout = await api.until(id, 'to be failed', ({ status }) => status === 'failed');
    expect(rollout.why).toContain('was terminated in Temporal');
    const listed = await waitFor('the list to know it', async () => {
      const { items } = RolloutPage.parse((await api.http.get(`/v1/rollouts?pipeline=${other.name}`)).body);
      return items[0]?.status === 'failed' && items[0];
    });
    expect(listed.why).toContain('in Temporal while it was running');
  });
});
