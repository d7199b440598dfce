import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BlockPage, FreezePage, Lifted } from '../../../src/http/answers.js';
import { Freeze } from '../../../src/rollout/schema/freeze.js';
import { startTestServer, type TestServer } from '../../support/temporal-server.js';
import { longSoak, openApi, type OpenApi } from './open-api.js';

/** A server of its own: there is one calendar on each, and what is frozen on a shared one would be frozen for all suites. */
let server: TestServer;
let api: OpenApi;
beforeAll(async () => {
  server = await startTestServer();
  api = await openApi(server.address);
});
afterAll(async () => {
  await api.close();
  await server.stop();
});

const freezes = async (): Promise<string[]> => FreezePage.parse((await api.http.get('/v1/freezes').expect(200)).body).items.map(({ name }) => name);

describe('a freeze', () => {
  it('lasts while anybody holds it, and is in the list from the answer on', async () => {
    const hold = (user: string) => api.http.put('/v1/freezes/peak').set('Meridian-User', user).send({ scope: { pipelines: ['nobody'] }, reason: `Says ${user}.` });
    const lift = (user: string) => api.http.delete('/v1/freezes/peak').set('Meridian-User', user);
    await hold('ana').expect(201);
    expect(await freezes()).toEqual(['peak']);
    await hold('ben').expect(200);
    expect(Lifted.parse((await lift('ana').expect(200)).body).freeze?.holds.map(({ owner }) => owner)).toEqual(['ben']);
    expect((await lift('ana').expect(404)).body).toMatchObject({ code: 'FreezeNotFound' });
    expect(Lifted.parse((await lift('ben').expect(200)).body)).toEqual({ freeze: null });
    expect(await freezes()).toEqual([]);
    await api.http.get('/v1/freezes/peak').expect(404);
  });

  it('that is sent again under its key is held once, even after it was lifted', async () => {
    const hold = (reason: string) => api.http.put('/v1/freezes/once').set('Idempotency-Key', 'hold-1').send({ scope: { pipelines: ['nobody'] }, reason });
    const first = Freeze.parse((await hold('x').expect(201)).body);
    await api.http.delete('/v1/freezes/once').expect(200);
    expect(Freeze.parse((await hold('x').expect(201)).body)).toEqual(first);
    expect((await hold('y').expect(422)).body).toMatchObject({ code: 'IdempotencyKeyReused' });
    expect(await freezes()).toEqual([]);
  });

  it('of everything holds a rollout until it is lifted, and the rollout says so', async () => {
    const scene = api.stage.scene();
    await api.apply(scene);
    await api.http.put('/v1/freezes/stop').set('Meridian-User', 'ana').send({ scope: 'all', reason: 'Something is very wrong.' }).expect(201);
    await api.untilBody(`/v1/pipelines/${scene.name}`, 'to know the freeze', ({ freezes: known }: { freezes: Freeze[] }) => known.length === 1);
    const id = await api.ship(scene, '1.1.0');
    const waiting = await api.until(id, 'to wait for the freeze', ({ waitingFor }) => waitingFor.some(({ type }) => type === 'freeze'));
    expect(waiting.why).toContain('Something is very wrong');
    await api.http.delete('/v1/freezes/stop?owner=ana').expect(200);
    await api.until(id, 'to end', ({ status }) => status === 'succeeded');
  });
});

describe('a block', () => {
  it('refuses its release with its reason, and lets it pass when it is lifted', async () => {
    const scene = api.stage.scene();
    await api.apply(scene, longSoak);
    await api.http.put('/v1/blocks/cve-1').set('Meridian-User', 'ana').send({ version: '1.1.0', reason: 'It leaks keys.' }).expect(201);
    expect(BlockPage.parse((await api.http.get('/v1/blocks').expect(200)).body).items).toMatchObject([{ name: 'cve-1', version: '1.1.0', by: 'ana' }]);
    await api.untilBody(`/v1/pipelines/${scene.name}`, 'to know the block', ({ blocks }: { blocks: unknown[] }) => blocks.length === 1);
    const ship = () => api.http.post('/v1/rollouts').send({ pipeline: scene.name, release: { version: '1.1.0' } });
    expect((await ship().expect(409)).body).toMatchObject({ code: 'ReleaseBlocked', detail: expect.stringContaining('It leaks keys.') as string });
    const plan = await api.http.post('/v1/plans').send({ pipeline: scene.name, release: { version: '1.1.0' } }).expect(200);
    expect((plan.body as { warnings: string[] }).warnings).toContainEqual(expect.stringContaining('It leaks keys.'));
    await api.http.delete('/v1/blocks/cve-1').expect(204);
    await api.untilBody(`/v1/pipelines/${scene.name}`, 'to forget the block', ({ blocks }: { blocks: unknown[] }) => blocks.length === 0);
    const { body } = await ship().expect(202);
    await api.http.post(`/v1/rollouts/${(body as { id: string }).id}/abort`).send({ reason: 'over' }).expect(200);
  });
});

describe('while no worker is up', () => {
  it('freezes and blocks are read as ever', async () => {
    await api.http.put('/v1/freezes/peak').send({ scope: { pipelines: ['nobody'] }, reason: 'Peak.' }).expect(201);
    await api.stage.stopWorker();
    expect(await freezes()).toEqual(['peak']);
    expect((await api.http.get('/v1/freezes/peak').expect(200)).body).toMatchObject({ holds: [{ reason: 'Peak.' }] });
    expect((await api.http.get('/v1/blocks').expect(200)).body).toEqual({ items: [] });
    await api.stage.startWorker();
  });
});
