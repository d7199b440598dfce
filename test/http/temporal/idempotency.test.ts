import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Rollout } from '../../../src/rollout/schema/rollout.js';
import { temporalAddress } from '../../support/temporal.js';
import { documentOf, longSoak, openApi, type OpenApi } from './open-api.js';

let api: OpenApi;
beforeAll(async () => {
  api = await openApi(temporalAddress());
});
afterAll(() => api.close());

describe('a write that is sent again under its key', () => {
  it('starts one rollout, even when all are sent at once', async () => {
    const scene = api.stage.scene();
    await api.apply(scene, longSoak);
    const send = (version: string) => api.http.post('/v1/rollouts').set('Idempotency-Key', 'start-1').send({ pipeline: scene.name, release: { version } });
    const answers = await Promise.all([send('1.1.0'), send('1.1.0'), send('1.1.0')]);
    expect(answers.map(({ status, body }) => [status, (body as Rollout).id])).toEqual([[202, `${scene.name}-1`], [202, `${scene.name}-1`], [202, `${scene.name}-1`]]);
    const changed = await send('1.2.0');
    expect([changed.status, changed.body]).toMatchObject([422, { code: 'IdempotencyKeyReused' }]);
    await api.http.post(`/v1/rollouts/${scene.name}-1/abort`).send({ reason: 'over' }).expect(200);
  });

  it('applies a document once: the second answer is the first', async () => {
    const scene = api.stage.scene();
    const send = (changes = {}) => api.http.put(`/v1/pipelines/${scene.name}`).set('Idempotency-Key', 'apply-1').send(documentOf(scene, changes));
    expect((await send().expect(201)).body).toMatchObject({ created: true, revision: 1 });
    expect((await send().expect(201)).body).toMatchObject({ created: true, revision: 1 });
    expect((await send(longSoak).expect(422)).body).toMatchObject({ code: 'IdempotencyKeyReused' });
    expect((await api.http.get(`/v1/pipelines/${scene.name}`).expect(200)).body).toMatchObject({ revision: 1, document: { soak: { min: '300ms' } } });
  });

  it('decides once, and gets its answer again after the rollout has ended', async () => {
    const scene = api.stage.scene();
    await api.apply(scene, longSoak);
    const id = await api.ship(scene, '1.1.0');
    await api.until(id, 'to soak', ({ regions }) => regions[0]?.status === 'soaking');
    const abort = (reason: string) => api.http.post(`/v1/rollouts/${id}/abort`).set('Idempotency-Key', 'abort-1').send({ reason });
    await abort('enough').expect(200);
    const end = await api.until(id, 'to end', ({ status }) => status === 'aborted');
    expect(end.timeline.filter(({ kind }) => kind === 'decision')).toHaveLength(1);
    expect(Rollout.parse((await abort('enough').expect(200)).body)).toMatchObject({ id });
    expect((await abort('something else').expect(422)).body).toMatchObject({ code: 'IdempotencyKeyReused' });
  });
});
