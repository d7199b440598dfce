import { describe, expect, it } from 'vitest';
import { MeridianFailure } from '../../../src/rollout/failure.js';
import { PlanAnswer, type Plan } from '../../../src/rollout/schema/plan.js';
import { Rollout } from '../../../src/rollout/schema/rollout.js';
import { OutOfReach } from '../../../src/http/temporal/out-of-reach.js';
import { pipelineState, plan, planHash, rolloutSummary, rolloutView } from '../fake-workflows.js';
import { openApp, temporalOf, tokensOf } from '../open-app.js';
import { knownSplit } from '../sample-migrations.js';

const anyId = expect.any(String) as string;
const body = { pipeline: 'shop', migrations: ['0001-split-name'] };

describe('a contract', () => {
  it('is a rollout of its own: 202, with its address', async () => {
    const { http, workflows } = openApp();
    const view = { ...rolloutView, contract: ['0001-split-name'] };
    workflows.answer('rollout', () => view);
    const answer = await http.post('/v1/contracts').set('Meridian-User', 'ana').send({ ...body, reason: 'It is time.', startAt: 'tonight', plan: planHash }).expect(202);
    expect(answer.get('location')).toBe('/v1/rollouts/shop-1');
    expect(Rollout.parse(answer.body)).toEqual({ ...view, links: { self: '/v1/rollouts/shop-1', temporal: temporalOf('rollout/shop-1') } });
    const options = { lane: 'normal', rehearse: false, reason: 'It is time.', startAt: 'tonight', plan: planHash };
    expect(workflows.told('startContract')).toEqual([['shop', { migrations: ['0001-split-name'], options, by: 'ana', roles: ['*'], fingerprint: anyId }, anyId]]);
  });

  it('takes away all that is due when it names none', async () => {
    const { http, workflows } = openApp();
    await http.post('/v1/contracts').send({ pipeline: 'shop' }).expect(202);
    expect(workflows.told('startContract')[0]![1]).not.toHaveProperty('migrations');
  });

  it.each([
    ['ContractTooEarly', 409, '0001-split-name may still be needed: production/sydney runs 1.0.0, which needs the old shape.'],
    ['NothingToDo', 409, 'No contract is due.'],
    ['InvalidRequest', 422, 'shop has no migration 0001-splt-name. Did you mean 0001-split-name?'],
  ] as const)('is told %s in the words of the rule, also when it is only planned', async (code, status, detail) => {
    const { http, workflows } = openApp();
    workflows.fail('startContract', new MeridianFailure(code, detail)).fail('contractPlan', new MeridianFailure(code, detail));
    for (const path of ['/v1/contracts', '/v1/contracts?preview=true']) {
      const answer = await http.post(path).send(body);
      expect([answer.status, answer.body]).toMatchObject([status, { code, detail }]);
    }
  });

  it('still answers 202 when the rollout that it started cannot be read', async () => {
    const { http, workflows } = openApp();
    workflows.fail('rollout', new OutOfReach('TimedOut', 'too late')).answer('rolloutMemo', () => ({ ...rolloutSummary, contract: ['0001-split-name'] }));
    const answer = await http.post('/v1/contracts').send(body).expect(202);
    expect(Rollout.parse(answer.body)).toMatchObject({ id: 'shop-1', release: '1.1.0', contract: ['0001-split-name'], plan: planHash, regions: [] });
  });

  it('takes the role of who ships', async () => {
    const { http, workflows } = openApp({ tokens: tokensOf({ ann: ['operator'], dan: ['deployer'] }) });
    await http.post('/v1/contracts').set('Authorization', 'Bearer ann-secret').send(body).expect(403);
    expect(workflows.calls).toEqual([]);
    await http.post('/v1/contracts').set('Authorization', 'Bearer dan-secret').send(body).expect(202);
  });

  it('is sent again under the same key and starts once; another one under that key is refused', async () => {
    const { http, workflows } = openApp();
    workflows.answer('startContract', () => ({ rollout: 'shop-1', number: 1, plan: planHash, fingerprint: 'of another request' }));
    const answer = await http.post('/v1/contracts').set('Idempotency-Key', 'one').send(body);
    expect([answer.status, answer.body]).toMatchObject([422, { code: 'IdempotencyKeyReused' }]);
  });

  it.each<[string, object, string]>([
    ['no migrations', { ...body, migrations: [] }, '/migrations'],
    ['a name that is none', { ...body, migrations: ['A b'] }, '/migrations/0'],
    ['a key that is unknown', { ...body, lane: 'hotfix' }, '/lane'],
    ['no pipeline', { migrations: ['0001-split-name'] }, '/pipeline'],
  ])('with %s is refused before anything is asked', async (_what, sent, pointer) => {
    const { http, workflows } = openApp();
    const answer = await http.post('/v1/contracts').send(sent);
    expect([answer.status, answer.body]).toMatchObject([422, { errors: [{ pointer }] }]);
    expect(workflows.calls).toEqual([]);
  });
});

describe('the plan of a contract', () => {
  const planned: Plan = {
    ...plan, work: 'contract', next: null,
    phases: [{
      environment: 'production', gates: [{ name: 'point-of-no-return', type: 'approval', needs: 'approval by admin' }], waveGates: [], regionGates: [], tenants: 'sequence',
      rehearse: false, soakMs: { min: 60_000, max: 120_000, interval: 1_000 }, minSamples: 1,
      waves: [{ number: 1, concurrency: 1, exposure: 1, regions: [{ region: 'sydney', why: 'smallest', comparedWith: [] }] }],
    }],
    migrations: [{
      name: '0001-split-name', work: 'contract', places: ['production/sydney'], backfills: false, syncs: true, oneWay: true, contract: 'one-way', effects: knownSplit.effects.contract,
    }],
    pointOfNoReturn: { environment: 'production', migrations: ['0001-split-name'], why: '0001-split-name has no contract.down.' },
  };

  it('says when, with whose approval, and starts nothing', async () => {
    const { http, workflows } = openApp();
    workflows.answer('contractPlan', () => planned).answer('pipeline', () => ({ ...pipelineState, locks: { staging: 'shop-7' }, freezes: [] }));
    const answer = PlanAnswer.parse((await http.post('/v1/contracts?preview=true').send(body).expect(200)).body);
    expect(answer).toMatchObject({ ...planned, warnings: ['It would wait in line behind shop-7.'] });
    expect(answer.timetable.regions).toMatchObject([{ environment: 'production', region: 'sydney' }]);
    expect(answer.approvals).toMatchObject([{ gate: 'point-of-no-return', environment: 'production', scope: 'phase', times: 1 }]);
    expect(workflows.calls.map(({ name }) => name)).toEqual(['contractPlan', 'pipeline']);
  });

  it('is a plan and not a start only when that is said so', async () => {
    const answer = await openApp().http.post('/v1/contracts?preview=yes').send(body);
    expect([answer.status, answer.body]).toMatchObject([422, { errors: [{ in: 'query', pointer: '/preview' }] }]);
  });
});
