import { describe, expect, it } from 'vitest';
import { decisionKinds } from '../../../src/rollout/control/decision-kinds.js';
import { MeridianFailure } from '../../../src/rollout/failure.js';
import { Rollout } from '../../../src/rollout/schema/rollout.js';
import { plan, planHash, rolloutSummary, rolloutView } from '../fake-workflows.js';
import { openApp, type OpenApp } from '../open-app.js';

const anyId = expect.any(String) as string;

describe('decisions', () => {
  it.each(decisionKinds)('%s reaches the workflow with its author, roles and reason, and answers the rollout', async (kind) => {
    const { http, workflows } = openApp();
    const answer = await http.post(`/v1/rollouts/shop-1/${kind}`).set('Meridian-User', 'ben').send({ reason: 'because', region: 'sydney' });
    expect(answer.status).toBe(200);
    expect(Rollout.parse(answer.body)).toMatchObject({ id: 'shop-1', links: { self: '/v1/rollouts/shop-1' } });
    expect(workflows.told('decide')[0]).toMatchObject(['shop-1', kind, { by: 'ben', roles: ['*'], reason: 'because', region: 'sydney' }, anyId]);
  });

  it.each(['reject', 'abort', 'rollback', 'skip', 'override'])('%s needs a reason', async (kind) => {
    const answer = await openApp().http.post(`/v1/rollouts/shop-1/${kind}`).send({});
    expect([answer.status, answer.body]).toMatchObject([422, { errors: [{ pointer: '/reason', detail: 'missing; expected a text' }] }]);
  });

  it('that make no sense now are 409 with the state', async () => {
    const { http, workflows } = openApp();
    workflows.fail('decide', new MeridianFailure('DecisionRefused', 'It is not paused.'));
    const answer = await http.post('/v1/rollouts/shop-1/resume').send({});
    expect([answer.status, answer.body]).toMatchObject([409, { code: 'DecisionRefused', detail: 'It is not paused.', rollout: { id: 'shop-1', status: 'running' } }]);
  });

  it('are of one place, where several have a region of that name, and of the plan that was looked at', async () => {
    const { http, workflows } = openApp();
    const request = { environment: 'production', region: 'sydney', tenant: 'acme', gate: 'go', plan: planHash };
    await http.post('/v1/rollouts/shop-1/approve').send(request).expect(200);
    expect(workflows.told('decide')[0]![2]).toMatchObject(request);
  });

  it('on a plan that has changed since are 409', async () => {
    const { http, workflows } = openApp();
    workflows.fail('decide', new MeridianFailure('PlanChanged', 'The plan has changed: look at it again.'));
    const answer = await http.post('/v1/rollouts/shop-1/approve').send({ plan: planHash });
    expect([answer.status, answer.body]).toMatchObject([409, { code: 'PlanChanged', detail: 'The plan has changed: look at it again.' }]);
  });
});

describe('to promote', () => {
  const ended = new MeridianFailure('DecisionRefused', 'shop-1 has ended: there is nothing left to promote.');
  const promote = ({ http }: OpenApp) => http.post('/v1/rollouts/shop-1/promote').set('Meridian-User', 'ben').send({ reason: 'It is time.' });

  it('a rollout that has succeeded starts a new one to the next environment, in the name of who promotes', async () => {
    const app = openApp();
    app.workflows.fail('decide', ended);
    app.workflows.answer('rolloutMemo', () => ({ ...rolloutSummary, status: 'succeeded' }));
    app.workflows.answer('startRollout', () => ({ rollout: 'shop-2', number: 2, plan: planHash }));
    app.workflows.answer('rollout', (id) => ({ ...rolloutView, id }));
    const answer = await promote(app).expect(202);
    expect([answer.get('location'), Rollout.parse(answer.body).id]).toEqual(['/v1/rollouts/shop-2', 'shop-2']);
    expect(app.workflows.told('plan')).toEqual([['shop-1']]);
    expect(app.workflows.told('startRollout')[0]).toMatchObject([
      'shop', { release: { version: '1.1.0' }, options: { to: 'production', lane: 'normal', rehearse: false, reason: 'It is time.' }, by: 'ben', roles: ['*'] }, anyId,
    ]);
  });

  it('one that was at the end of the lifecycle is refused', async () => {
    const app = openApp();
    app.workflows.fail('decide', ended);
    app.workflows.answer('rolloutMemo', () => ({ ...rolloutSummary, status: 'succeeded' }));
    app.workflows.answer('plan', () => ({ ...plan, next: null }));
    expect((await promote(app).expect(409)).body).toMatchObject({ code: 'DecisionRefused', detail: expect.stringContaining('the end of the lifecycle') as string });
    expect(app.workflows.told('startRollout')).toEqual([]);
  });

  it.each(['aborted', 'failed', 'superseded', 'rolled-back'] as const)('one that %s is refused as it was: its release is not verified', async (status) => {
    const app = openApp();
    app.workflows.fail('decide', ended);
    app.workflows.answer('rolloutMemo', () => ({ ...rolloutSummary, status }));
    expect((await promote(app).expect(409)).body).toMatchObject({ code: 'DecisionRefused', detail: ended.message, rollout: { status } });
    expect(app.workflows.told('startRollout')).toEqual([]);
  });

  it('one that runs, at a time when that makes no sense, starts nothing', async () => {
    const app = openApp();
    app.workflows.fail('decide', new MeridianFailure('DecisionRefused', 'It is rolling back.'));
    expect((await promote(app).expect(409)).body).toMatchObject({ detail: 'It is rolling back.' });
    expect(app.workflows.told('startRollout')).toEqual([]);
  });
});
