import { describe, expect, it } from 'vitest';
import { Drained, Missing, Revoked, Tenants } from '../../../src/http/answers.js';
import { MeridianFailure } from '../../../src/rollout/failure.js';
import { shop } from '../../rollout/sample-document.js';
import { pipelineState } from '../fake-workflows.js';
import { openApp } from '../open-app.js';

const anyId = expect.any(String) as string;

describe('a drained region', () => {
  it('is left out for a reason, and takes part again without one', async () => {
    const { http, workflows } = openApp();
    const drained = await http.put('/v1/pipelines/shop/drains/sydney').set('Meridian-User', 'ana').send({ reason: 'A lorry in the hall.' }).expect(200);
    expect(Drained.parse(drained.body)).toEqual({ drained: { sydney: 'A lorry in the hall.' } });
    await http.delete('/v1/pipelines/shop/drains/sydney').set('Meridian-User', 'ben').expect(200);
    expect(workflows.told('drain')).toEqual([
      ['shop', { region: 'sydney', reason: 'A lorry in the hall.', by: 'ana', fingerprint: anyId }, anyId],
      ['shop', { region: 'sydney', reason: null, by: 'ben', fingerprint: anyId }, anyId],
    ]);
  });

  it('needs a reason', async () => {
    const { http, workflows } = openApp();
    const answer = await http.put('/v1/pipelines/shop/drains/sydney').send({});
    expect([answer.status, answer.body]).toMatchObject([422, { errors: [{ pointer: '/reason', detail: 'missing; expected a text' }] }]);
    expect(workflows.calls).toEqual([]);
  });
});

describe('a verification', () => {
  it.each([
    [{ environment: 'staging', region: 'sydney', tenant: 'acme', reason: 'It leaks.' }],
    [{ environment: 'staging', reason: 'It leaks.' }],
    [{ reason: 'It leaks.' }],
  ])('is revoked where %j says', async (body) => {
    const { http, workflows } = openApp();
    const answer = await http.post('/v1/pipelines/shop/releases/1.1.0/revoke').set('Meridian-User', 'ana').send(body).expect(200);
    expect(Revoked.parse(answer.body)).toEqual({ places: ['staging/sydney'] });
    expect(workflows.told('revoke')).toEqual([['shop', { release: '1.1.0', ...body, by: 'ana', fingerprint: anyId }, anyId]]);
  });

  it('of a release that is not known is refused', async () => {
    const { http, workflows } = openApp();
    workflows.fail('revoke', new MeridianFailure('ReleaseUnknown', '9.9.9 is not known.'));
    const answer = await http.post('/v1/pipelines/shop/releases/9.9.9/revoke').send({ reason: 'x' });
    expect([answer.status, answer.body]).toMatchObject([422, { code: 'ReleaseUnknown' }]);
  });
});

describe('what is missing', () => {
  const currency = { name: 'CURRENCY', label: 'Currency', help: 'Ask finance.', required: true, values: [{ value: 'EUR', region: 'frankfurt' }, { value: 'USD', region: 'virginia' }] };
  const lacking = () => {
    const app = openApp();
    app.workflows.answer('pipeline', () => ({ ...pipelineState, document: shop({ variables: [currency] }) }));
    return app;
  };

  it('is named with everything that a person needs to give it, place by place', async () => {
    const { items } = Missing.parse((await lacking().http.get('/v1/pipelines/shop/missing').expect(200)).body);
    expect(items).toMatchObject([
      { variable: 'CURRENCY', label: 'Currency', help: 'Ask finance.', type: 'text', environment: 'staging', region: 'sydney' },
      { variable: 'CURRENCY', environment: 'production', region: 'sydney' },
    ]);
  });

  it('is told for a region that is yet to come', async () => {
    const { items } = Missing.parse((await lacking().http.get('/v1/pipelines/shop/missing?region=tokyo&environment=production').expect(200)).body);
    expect(items).toMatchObject([{ variable: 'CURRENCY', environment: 'production', region: 'tokyo' }]);
  });

  it('of an environment that the lifecycle does not have is refused', async () => {
    const answer = await lacking().http.get('/v1/pipelines/shop/missing?environment=live');
    expect([answer.status, answer.body]).toMatchObject([422, { detail: expect.stringContaining('staging, production') as string }]);
  });
});

describe('tenants', () => {
  it('are shown with how far the newest release has come for each', async () => {
    const { http, workflows } = openApp();
    const tenants = { acme: { label: 'Acme Ltd', logo: 'https://acme.example/logo.svg', regions: ['sydney'] }, beta: { regions: ['sydney'], holdBack: 'They audit.' } };
    const [cell] = pipelineState.board;
    const board = [{ ...cell!, tenant: 'acme' }, { ...cell!, environment: 'staging', tenant: 'acme', release: '1.0.0' }];
    workflows.answer('pipeline', () => ({ ...pipelineState, board, document: shop({ tenants }) }));
    const answer = Tenants.parse((await http.get('/v1/pipelines/shop/tenants').expect(200)).body);
    expect(answer).toMatchObject({
      release: '1.1.0',
      items: [
        { name: 'acme', label: 'Acme Ltd', logo: 'https://acme.example/logo.svg', heldBack: null, done: 1, total: 2 },
        { name: 'beta', label: 'beta', logo: null, heldBack: 'They audit.', done: 0, total: 2 },
      ],
    });
  });
});
