import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Tenants, type BoardPage } from '../../../src/http/answers.js';
import { Plan, PlanAnswer } from '../../../src/rollout/schema/plan.js';
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

  it('shows each tenant of a region as the tenant itself sees it', async () => {
    const scene = api.stage.scene();
    const tenants = { acme: { label: 'Acme Ltd', regions: ['frankfurt'] }, beta: { regions: ['frankfurt'], holdBack: 'They audit.' }, coyote: { regions: ['frankfurt'] } };
    const lifecycle = [{ environment: 'production', tenants: 'together' }];
    await api.apply(scene, { ...longSoak, regions: { frankfurt: { weight: 1 } }, tenants, lifecycle });
    const id = await api.ship(scene, '1.1.0');
    const rollout = await api.until(id, 'to have looked at both', ({ regions }) =>
      regions.length === 2 && regions.every(({ soak }) => soak?.checks[0]?.verdict === 'pass'));
    expect(rollout.regions.map(({ tenant, status, release }) => [tenant, status, release])).toEqual([['acme', 'soaking', '1.1.0'], ['coyote', 'soaking', '1.1.0']]);
    const progress = Tenants.parse((await api.http.get(`/v1/pipelines/${scene.name}/tenants`).expect(200)).body);
    expect(progress.items.map(({ label, heldBack, done, total }) => [label, heldBack, done, total])).toEqual([
      ['Acme Ltd', null, 0, 1], ['beta', 'They audit.', 0, 1], ['coyote', null, 0, 1],
    ]);
    await api.http.post(`/v1/rollouts/${id}/abort`).send({ reason: 'over' }).expect(200);
  });

  it('of a pipeline that is not there is 404', async () => {
    const answer = await api.http.post('/v1/rollouts').send({ pipeline: 'nobody', release: { version: '1' } });
    expect([answer.status, answer.body]).toMatchObject([404, { code: 'PipelineNotFound' }]);
    expect((await api.http.get('/v1/rollouts/nobody-1').expect(404)).body).toMatchObject({ code: 'RolloutNotFound' });
    expect((await api.http.post('/v1/rollouts/nobody-1/pause').send({}).expect(404)).body).toMatchObject({ code: 'RolloutNotFound' });
  });
});

describe('a release', () => {
  const byHand = { lifecycle: [{ environment: 'staging' }, { environment: 'production', promotion: 'manual' }] };

  it('stays where a promotion is by hand, and goes on in the name of who promotes it', async () => {
    const scene = api.stage.scene();
    await api.apply(scene, byHand);
    const first = await api.ship(scene, '1.1.0');
    await api.until(first, 'to end', ({ status }) => status === 'succeeded');
    const promote = () => api.http.post(`/v1/rollouts/${first}/promote`).set('Meridian-User', 'ben').set('Idempotency-Key', 'on').send({});
    const second = Rollout.parse((await promote().expect(202)).body);
    expect(second).toMatchObject({ id: `${scene.name}-2`, release: '1.1.0', startedBy: 'ben' });
    expect(Rollout.parse((await promote().expect(202)).body).id).toBe(second.id);
    const end = await api.until(second.id, 'to end', ({ status }) => status === 'succeeded');
    expect(new Set(end.regions.map(({ environment }) => environment))).toEqual(new Set(['production']));
    const late = await api.http.post(`/v1/rollouts/${second.id}/promote`).send({});
    expect([late.status, late.body]).toMatchObject([409, { code: 'DecisionRefused', detail: expect.stringContaining('the end of the lifecycle') as string }]);
  });

  it('that is no longer verified in a phase is shipped there again first', async () => {
    const scene = api.stage.scene();
    await api.apply(scene, byHand);
    await api.until(await api.ship(scene, '1.1.0'), 'to end', ({ status }) => status === 'succeeded');
    const phases = async () => {
      const { body } = await api.http.post('/v1/plans').send({ pipeline: scene.name, release: { version: '1.1.0' }, to: 'production' }).expect(200);
      return PlanAnswer.parse(body).phases.map(({ environment }) => environment);
    };
    expect(await phases()).toEqual(['production']);
    const revoke = await api.http.post(`/v1/pipelines/${scene.name}/releases/1.1.0/revoke`).send({ environment: 'staging', region: 'sydney', reason: 'It leaks.' });
    expect([revoke.status, revoke.body]).toEqual([200, { places: ['staging/sydney'] }]);
    expect(await phases()).toEqual(['staging', 'production']);
    await api.http.post(`/v1/pipelines/${scene.name}/releases/9.9.9/revoke`).send({ reason: 'It leaks.' }).expect(422);
  });

  it('is shipped at its time, and not before, unless somebody says now', async () => {
    const scene = api.stage.scene();
    await api.apply(scene);
    const request = { pipeline: scene.name, release: { version: '1.1.0' }, startAt: '2099-01-01T02:00:00+01:00' };
    const { id } = Rollout.parse((await api.http.post('/v1/rollouts').send(request).expect(202)).body);
    const scheduled = await api.until(id, 'to be scheduled', ({ status }) => status === 'scheduled');
    expect([scheduled.startAt, scheduled.regions.filter(({ status }) => status !== 'pending')]).toEqual(['2099-01-01T01:00:00.000Z', []]);
    await api.http.post(`/v1/rollouts/${id}/resume`).send({}).expect(200);
    await api.until(id, 'to end', ({ status }) => status === 'succeeded');
  });
});

describe('a region', () => {
  it('that is drained is left out until it takes part again', async () => {
    const scene = api.stage.scene();
    await api.apply(scene);
    const drain = `/v1/pipelines/${scene.name}/drains/sydney`;
    expect((await api.http.put(drain).send({ reason: 'A lorry in the hall.' }).expect(200)).body).toEqual({ drained: { sydney: 'local: A lorry in the hall.' } });
    const board = await api.http.get(`/v1/board?pipeline=${scene.name}`).expect(200);
    expect((board.body as BoardPage).items[0]!.cells.filter(({ drained }) => drained !== null).map(({ region }) => region)).toEqual(['sydney']);
    const unknown = await api.http.put(`/v1/pipelines/${scene.name}/drains/sidney`).send({ reason: 'x' });
    expect([unknown.status, unknown.body]).toMatchObject([422, { code: 'InvalidRequest', detail: expect.stringContaining('sydney') as string }]);
    const id = await api.ship(scene, '1.1.0');
    await api.until(id, 'to wait for it', ({ waitingFor }) => waitingFor.some(({ type, region }) => type === 'drained' && region === 'sydney'));
    expect((await api.http.delete(drain).expect(200)).body).toEqual({ drained: {} });
    await api.until(id, 'to end', ({ status }) => status === 'succeeded');
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
    await api.apply(scene, { lifecycle: [{ environment: 'staging', waves: [['frankfurt', 'sydney']], gates: [gate] }] });
    const id = await api.ship(scene, '1.1.0');
    await api.until(id, 'to wait', ({ status }) => status === 'waiting');
    const refused = await api.http.post(`/v1/rollouts/${id}/approve`).send({});
    expect([refused.status, refused.body]).toMatchObject([403, { code: 'StarterMayNotApprove' }]);
    const approve = (plan: string) => api.http.post(`/v1/rollouts/${id}/approve`).set('Meridian-User', 'ben').send({ plan });
    expect((await approve('0'.repeat(64)).expect(409)).body).toMatchObject({ code: 'PlanChanged' });
    const { hash } = Plan.parse((await api.http.get(`/v1/rollouts/${id}/plan`).expect(200)).body);
    await approve(hash).expect(200);
    await api.until(id, 'to end', ({ status }) => status === 'succeeded');
  });
});
