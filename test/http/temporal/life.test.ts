import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Plan } from '../../../src/rollout/schema/plan.js';
import { Rollout } from '../../../src/rollout/schema/rollout.js';
import { temporalAddress } from '../../support/temporal.js';
import { waitFor } from '../../support/wait-for.js';
import { documentOf, longSoak, openApi, type OpenApi } from './open-api.js';

let api: OpenApi;
beforeAll(async () => {
  api = await openApi(temporalAddress());
});
afterAll(() => api.close());

describe('a pipeline', () => {
  it('is made by its first document and kept with revisions', async () => {
    const scene = api.stage.scene();
    const address = `/v1/pipelines/${scene.name}`;
    await api.http.get(address).expect(404);
    expect((await api.http.put(address).send(documentOf(scene)).expect(201)).body).toMatchObject({ created: true, revision: 1 });
    expect((await api.http.put(address).send(documentOf(scene)).expect(200)).body).toMatchObject({ changed: false, revision: 1 });
    expect((await api.http.put(address).send(documentOf(scene, longSoak)).expect(200)).body).toMatchObject({ changed: true, revision: 2 });
    expect((await api.http.get(address).expect(200)).body).toMatchObject({
      name: scene.name, revision: 2, updatedBy: 'local', document: { soak: { min: '1h' } }, board: expect.arrayContaining([
        expect.objectContaining({ environment: 'staging', region: 'frankfurt' }), expect.objectContaining({ environment: 'production', region: 'sydney' }),
      ]) as object,
    });
  });

  it('stands in the list and on the board', async () => {
    const scene = api.stage.scene();
    await api.apply(scene);
    const listed = await waitFor('the list to know it', async () => {
      const { body } = await api.http.get('/v1/pipelines?limit=100').expect(200);
      return (body as { items: { name: string }[] }).items.find(({ name }) => name === scene.name);
    });
    expect(listed).toMatchObject({ revision: 1, environments: ['staging', 'production'], links: { self: `/v1/pipelines/${scene.name}` } });
    const { body } = await api.http.get(`/v1/board?pipeline=${scene.name}`).expect(200);
    expect(body).toMatchObject({ items: [{ pipeline: scene.name, cells: [{ region: 'frankfurt' }, { region: 'sydney' }, { region: 'frankfurt' }] }] });
    await api.http.get('/v1/board?pipeline=nobody').expect(404);
  });
});

describe('a rollout', () => {
  it('walks the lifecycle, and its release is known afterwards', async () => {
    const scene = api.stage.scene();
    await api.apply(scene);
    const id = await api.ship(scene, '1.1.0');
    expect(id).toBe(`${scene.name}-1`);
    const end = await api.until(id, 'to end', ({ status }) => status === 'succeeded');
    expect(end.regions.map(({ environment, region, status }) => [environment, region, status])).toEqual([
      ['staging', 'frankfurt', 'live'], ['production', 'sydney', 'live'], ['production', 'frankfurt', 'live'],
    ]);
    const { body } = await api.http.post('/v1/plans').send({ pipeline: scene.name, release: { version: '1.1.0' } }).expect(200);
    expect(Plan.parse(body)).toMatchObject({ phases: [], alreadyVerified: ['staging', 'production'] });
    const again = await api.http.post('/v1/rollouts').send({ pipeline: scene.name, release: { version: '1.1.0' } });
    expect([again.status, again.body]).toMatchObject([409, { code: 'NothingToDo' }]);
  });

  it('shows the checks of a soak while it goes on, from the watch itself', async () => {
    const scene = api.stage.scene();
    await api.apply(scene, longSoak);
    const id = await api.ship(scene, '1.1.0');
    const rollout = await api.until(id, 'to have looked', ({ regions }) => regions[0]?.soak?.checks[0]?.verdict === 'pass');
    expect(rollout.regions[0]).toMatchObject({
      region: 'frankfurt', status: 'soaking', release: '1.1.0',
      soak: { required: 3_600_000, countingSince: expect.any(String) as string, checks: [{ name: 'errors', observed: 0, limit: expect.closeTo(0.01) as number }] },
    });
    await api.http.post(`/v1/rollouts/${id}/abort`).send({ reason: 'over' }).expect(200);
  });

  it('of a pipeline that is not there is 404', async () => {
    const answer = await api.http.post('/v1/rollouts').send({ pipeline: 'nobody', release: { version: '1' } });
    expect([answer.status, answer.body]).toMatchObject([404, { code: 'PipelineNotFound' }]);
    expect((await api.http.get('/v1/rollouts/nobody-1').expect(404)).body).toMatchObject({ code: 'RolloutNotFound' });
    expect((await api.http.post('/v1/rollouts/nobody-1/pause').send({}).expect(404)).body).toMatchObject({ code: 'RolloutNotFound' });
  });
});

describe('a decision', () => {
  it('is carried out, or refused with the state', async () => {
    const scene = api.stage.scene();
    await api.apply(scene, longSoak);
    const id = await api.ship(scene, '1.1.0');
    const decide = (kind: string, body: object = {}) => api.http.post(`/v1/rollouts/${id}/${kind}`).set('Meridian-User', 'ben').send(body);
    await api.until(id, 'to soak', ({ regions }) => regions[0]?.status === 'soaking');
    expect((await decide('resume')).body).toMatchObject({ status: 409, code: 'DecisionRefused', rollout: { id, status: 'running' } });
    expect(Rollout.parse((await decide('pause', { reason: 'lunch' }).expect(200)).body)).toMatchObject({ status: 'paused' });
    expect((await decide('pause')).body).toMatchObject({ status: 409, code: 'DecisionRefused', rollout: { id, status: 'paused' } });
    await decide('resume').expect(200);
    await decide('abort', { reason: 'enough' }).expect(200);
    const end = await api.until(id, 'to end', ({ status }) => status === 'aborted');
    expect(end.timeline.filter(({ kind }) => kind === 'decision').map(({ by }) => by)).toEqual(['ben', 'ben', 'ben']);
    const late = await decide('pause');
    expect([late.status, late.body]).toMatchObject([409, { code: 'DecisionRefused', detail: expect.stringContaining('has ended') as string, rollout: { status: 'aborted' } }]);
  });

  it('at a gate is of somebody who did not start the rollout, where the gate says so', async () => {
    const scene = api.stage.scene();
    const gate = { name: 'go', type: 'approval', roles: ['lead'], notStarter: true };
    await api.apply(scene, { lifecycle: [{ environment: 'staging', waves: [['frankfurt']], gates: [gate] }] });
    const id = await api.ship(scene, '1.1.0');
    await api.until(id, 'to wait', ({ status }) => status === 'waiting');
    const refused = await api.http.post(`/v1/rollouts/${id}/approve`).send({});
    expect([refused.status, refused.body]).toMatchObject([403, { code: 'StarterMayNotApprove' }]);
    await api.http.post(`/v1/rollouts/${id}/approve`).set('Meridian-User', 'ben').send({}).expect(200);
    await api.until(id, 'to end', ({ status }) => status === 'succeeded');
  });
});
