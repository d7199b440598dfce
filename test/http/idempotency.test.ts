import { describe, expect, it } from 'vitest';
import { shopText } from '../rollout/sample-document.js';
import { planHash } from './fake-workflows.js';
import { openApp, tokensOf } from './open-app.js';

const body = { pipeline: 'shop', release: { version: '1.1.0' } };

describe('Idempotency-Key', () => {
  it('makes one update of every request that carries it', async () => {
    const { http, workflows } = openApp();
    for (let times = 0; times < 2; times += 1) await http.post('/v1/rollouts').set('Idempotency-Key', 'k-1').send(body).expect(202);
    const [first, second] = workflows.told('startRollout');
    expect(first![2]).toBe(second![2]);
    expect(first![1].fingerprint).toBe(second![1].fingerprint);
  });

  it('makes updates of their own of requests without it', async () => {
    const { http, workflows } = openApp();
    for (let times = 0; times < 2; times += 1) await http.post('/v1/rollouts').send(body).expect(202);
    expect(new Set(workflows.told('startRollout').map(([, , updateId]) => updateId)).size).toBe(2);
  });

  it('of different people and addresses never meet', async () => {
    const { http, workflows } = openApp();
    const send = (user: string, address: string) => http.post(address).set('Meridian-User', user).set('Idempotency-Key', 'same').send({ reason: 'x' }).expect(200);
    await send('ana', '/v1/rollouts/shop-1/pause');
    await send('ben', '/v1/rollouts/shop-1/pause');
    await send('ana', '/v1/rollouts/shop-1/abort');
    await send('ana', '/v1/rollouts/shop-2/pause');
    expect(new Set(workflows.told('decide').map(([, , , updateId]) => updateId)).size).toBe(4);
  });

  it('that comes again with a changed body is 422: the first request was carried out, not this one', async () => {
    const { http, workflows } = openApp();
    workflows.answer('startRollout', () => ({ rollout: 'shop-1', number: 1, plan: planHash, fingerprint: 'of another body' }));
    workflows.answer('applyPipeline', () => ({ created: true, changed: true, revision: 1, warnings: [], fingerprint: 'of another body' }));
    for (const answer of [
      await http.post('/v1/rollouts').set('Idempotency-Key', 'k').send(body),
      await http.put('/v1/pipelines/shop').set('Idempotency-Key', 'k').send(shopText),
    ]) expect([answer.status, answer.body]).toMatchObject([422, { code: 'IdempotencyKeyReused' }]);
  });

  it('that comes again with another query is another request, too', async () => {
    const { http, workflows } = openApp();
    for (const owner of ['ana', 'ben']) await http.delete(`/v1/freezes/peak?owner=${owner}`).set('Idempotency-Key', 'k').expect(200);
    const [first, second] = workflows.told('lift');
    expect(first![1]).toBe(second![1]);
    expect(first![0].fingerprint).not.toBe(second![0].fingerprint);
  });

  it.each([['spaces', 'a b'], ['nothing', ''], ['256 characters', 'k'.repeat(256)], ['letters beyond ASCII', 'schl\u00fcssel']])('of %s is refused', async (_, key) => {
    const answer = await openApp().http.post('/v1/rollouts').set('Idempotency-Key', key).send(body);
    expect([answer.status, answer.body]).toMatchObject([422, { errors: [{ in: 'header', pointer: '/Idempotency-Key' }] }]);
  });

  it('of 255 characters is taken', async () => {
    expect((await openApp().http.post('/v1/rollouts').set('Idempotency-Key', 'k'.repeat(255)).send(body)).status).toBe(202);
  });
});

describe('the log', () => {
  it('has one line for each request, with who and how long, and never a body or a token', async () => {
    const { http, log } = openApp({ tokens: tokensOf({ dan: ['deployer'] }) });
    await http.post('/v1/rollouts?x=hush-query').set('Authorization', 'Bearer dan-secret').send({ pipeline: 'hush-body' }).expect(422);
    await http.post('/v1/rollouts').set('Authorization', 'Bearer dan-secret').set('X-Request-Id', 'id-7').send(body).expect(202);
    const lines = log.filter(({ msg }) => msg === 'request');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatchObject({ method: 'POST', route: '/v1/rollouts', status: 202, actor: 'dan', requestId: 'id-7', ms: expect.any(Number) as number });
    expect(JSON.stringify(log)).not.toMatch(/hush|dan-secret/);
  });

  it('takes a request id from the caller only when it is harmless', async () => {
    const { http, log } = openApp();
    const answer = await http.get('/healthz').set('X-Request-Id', 'a b {"level":60}');
    expect(answer.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(log[0]).toMatchObject({ requestId: answer.get('x-request-id') });
  });
});
