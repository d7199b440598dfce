import { describe, expect, it } from 'vitest';
import { RolloutPage } from '../../../src/http/answers.js';
import { OutOfReach } from '../../../src/http/temporal/out-of-reach.js';
import { MeridianFailure } from '../../../src/rollout/failure.js';
import { Plan } from '../../../src/rollout/schema/plan.js';
import { Rollout } from '../../../src/rollout/schema/rollout.js';
import { plan, planHash, rolloutView } from '../fake-workflows.js';
import { openApp, temporalOf, tokensOf } from '../open-app.js';

const anyId = expect.any(String) as string;

describe('rollouts', () => {
  const body = { pipeline: 'shop', release: { version: '1.1.0' } };

  it('answers 202 with the address and the rollout as it stands', async () => {
    const { http, workflows } = openApp();
    const answer = await http.post('/v1/rollouts').set('Meridian-User', 'ana').send({ ...body, to: 'staging' });
    expect(answer.status).toBe(202);
    expect(answer.get('location')).toBe('/v1/rollouts/shop-1');
    expect(Rollout.parse(answer.body)).toEqual({ ...rolloutView, links: { self: '/v1/rollouts/shop-1', temporal: temporalOf('rollout/shop-1') } });
    expect(workflows.told('startRollout')[0]).toMatchObject(['shop', { release: { version: '1.1.0' }, options: { to: 'staging', lane: 'normal', rehearse: false }, by: 'ana', roles: ['*'] }, anyId]);
  });

  it('hands everything that is asked for on to the pipeline, with the roles of who asks', async () => {
    const { http, workflows } = openApp({ tokens: tokensOf({ dan: ['deployer', 'lead'] }) });
    const options = {
      to: 'production', include: ['canary'], override: { from: 'production', reason: 'It burns.' }, lane: 'hotfix', rehearse: true,
      startAt: '2026-11-22T02:00:00+01:00', reason: 'It burns.', plan: planHash,
    };
    await http.post('/v1/rollouts').set('Authorization', 'Bearer dan-secret').send({ ...body, ...options }).expect(202);
    const [pipeline, request] = workflows.told('startRollout')[0]!;
    expect([pipeline, request]).toEqual(['shop', { release: body.release, options, by: 'dan', roles: ['deployer', 'lead'], fingerprint: anyId }]);
  });

  it.each([
    ['ReleaseBlocked', '1.1.0 is blocked (cve-1, by ana): It leaks. Ship another release, or lift the block first.'],
    ['EnvironmentBusy', 'shop-7 comes first in production, and policy.overlap is reject. Wait for it, or end it.'],
    ['PlanChanged', 'The plan is not the one that was looked at.'],
    ['HotfixRefused', 'The pipeline has no hot-fix lane.'],
  ] as const)('is told %s in the words of the rule', async (code, detail) => {
    const { http, workflows } = openApp();
    workflows.fail('startRollout', new MeridianFailure(code, detail));
    const answer = await http.post('/v1/rollouts').send(body);
    expect([answer.status, answer.body]).toMatchObject([409, { code, detail }]);
  });

  it('with many mistakes is told all of them, each with its place, and nothing is started', async () => {
    const { http, workflows } = openApp();
    const answer = await http.post('/v1/rollouts').send({ pipeline: 'Shop', release: {}, startAt: 'soon', lane: 'hot', reason: '' });
    expect([answer.status, answer.body]).toMatchObject([422, {
      errors: ['/pipeline', '/release/version', '/lane', '/startAt', '/reason'].map((pointer) => ({ in: 'body', pointer })),
    }]);
    expect(workflows.calls).toEqual([]);
  });

  it('still answers 202 when the rollout that it started cannot be read', async () => {
    const { http, workflows } = openApp();
    workflows.fail('rollout', new OutOfReach('TimedOut', 'too late'));
    const answer = await http.post('/v1/rollouts').send(body);
    expect(answer.status).toBe(202);
    expect(Rollout.parse(answer.body)).toMatchObject({ id: 'shop-1', status: 'queued', release: '1.1.0', plan: planHash, regions: [] });
  });

  it('lists rollouts by every filter, page by page', async () => {
    const { http, workflows } = openApp();
    const answer = await http.get('/v1/rollouts?pipeline=shop&status=running&release=1.1.0&region=sydney&limit=1').expect(200);
    expect(RolloutPage.parse(answer.body)).toMatchObject({ items: [{ id: 'shop-1', links: { self: '/v1/rollouts/shop-1' } }], next: 'more' });
    expect(workflows.told('rollouts')).toEqual([[{ pipeline: 'shop', status: 'running', release: '1.1.0', region: 'sydney' }, { limit: 1, cursor: undefined }]]);
  });

  it('says 503, why, and what is known of the rollout when no worker answers', async () => {
    const { http, workflows } = openApp();
    workflows.fail('rollout', new OutOfReach('NoWorker', 'No worker polls.'));
    const answer = await http.get('/v1/rollouts/shop-1');
    expect(answer.status).toBe(503);
    expect(answer.get('retry-after')).toBe('5');
    expect(answer.body).toMatchObject({ code: 'NoWorker', detail: 'No worker polls.', rollout: { id: 'shop-1', status: 'running', why: 'Soaking sydney.' } });
  });

  it('says the first problem when nothing at all is known of the rollout', async () => {
    const { http, workflows } = openApp();
    workflows.fail('rollout', new OutOfReach('NoWorker', 'gone')).fail('rolloutMemo', new OutOfReach('TemporalUnavailable', 'gone, too'));
    const answer = await http.get('/v1/rollouts/shop-1');
    expect([answer.status, answer.body]).toMatchObject([503, { code: 'NoWorker', detail: 'gone' }]);
    expect(answer.body).not.toHaveProperty('rollout');
  });

  it('gives the plan that is approved', async () => {
    const { http, workflows } = openApp();
    expect(Plan.parse((await http.get('/v1/rollouts/shop-1/plan').expect(200)).body)).toEqual(plan);
    workflows.fail('plan', new OutOfReach('NoWorker', 'No worker polls.'));
    expect((await http.get('/v1/rollouts/shop-1/plan').expect(503)).body).toMatchObject({ code: 'NoWorker', rollout: { id: 'shop-1', status: 'running' } });
  });

  it('gives what a soak has seen as lines, of the attempt and the tenant that are asked for', async () => {
    const { http, workflows } = openApp();
    workflows.answer('soakSamples', () => '{"deployAt":1}\n{"t":2}\n');
    const answer = await http.get('/v1/rollouts/shop-1/soaks/production/sydney?tenant=acme&attempt=2').responseType('blob').expect(200);
    expect([answer.get('content-type'), String(answer.body)]).toEqual(['application/x-ndjson; charset=utf-8', '{"deployAt":1}\n{"t":2}\n']);
    await http.get('/v1/rollouts/shop-1/soaks/production/sydney').expect(200);
    expect(workflows.told('soakSamples')).toEqual([
      ['shop-1', { environment: 'production', region: 'sydney', tenant: 'acme' }, 2],
      ['shop-1', { environment: 'production', region: 'sydney', tenant: undefined }, undefined],
    ]);
  });

  it('says what there is where there is no such soak, and refuses an attempt that cannot be', async () => {
    const { http, workflows } = openApp();
    workflows.fail('soakSamples', new MeridianFailure('SoakNotFound', 'shop-1 has not come to production/tokyo; it has been in production/sydney.'));
    const answer = await http.get('/v1/rollouts/shop-1/soaks/production/tokyo');
    expect([answer.status, answer.body]).toMatchObject([404, { code: 'SoakNotFound', detail: 'shop-1 has not come to production/tokyo; it has been in production/sydney.' }]);
    expect((await http.get('/v1/rollouts/shop-1/soaks/production/sydney?attempt=0').expect(422)).body).toMatchObject({ errors: [{ in: 'query', pointer: '/attempt' }] });
  });
});
