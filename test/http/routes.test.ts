import { describe, expect, it } from 'vitest';
import { Applied, BoardPage, Pipeline, PipelinePage, Readiness, RolloutPage } from '../../src/http/answers.js';
import { OutOfReach } from '../../src/http/temporal/out-of-reach.js';
import { decisionKinds } from '../../src/rollout/decision-kinds.js';
import { MeridianFailure } from '../../src/rollout/failure.js';
import { Plan } from '../../src/rollout/schema/plan.js';
import { Rollout } from '../../src/rollout/schema/rollout.js';
import { shopText } from '../rollout/sample-document.js';
import { board, rolloutView } from './fake-workflows.js';
import { openApp } from './open-app.js';

const anyId = expect.any(String) as string;

const temporalOf = (workflow: string): string => `http://127.0.0.1:8233/namespaces/default/workflows/${encodeURIComponent(workflow)}`;

describe('pipelines', () => {
  it('answers 201 with the address when a document makes a new pipeline', async () => {
    const { http, workflows } = openApp();
    const answer = await http.put('/v1/pipelines/shop').set('Meridian-User', 'ana').send(shopText);
    expect(answer.status).toBe(201);
    expect(answer.get('location')).toBe('/v1/pipelines/shop');
    expect(Applied.parse(answer.body)).toEqual({
      name: 'shop', revision: 1, created: true, changed: true, warnings: [], links: { self: '/v1/pipelines/shop', temporal: temporalOf('pipeline/shop') },
    });
    expect(workflows.told('applyPipeline')[0]).toMatchObject(['shop', { by: 'ana', document: { name: 'shop', checks: [], policy: { overlap: 'queue' } } }, anyId]);
  });

  it('answers 200 with the warnings when the pipeline is there already', async () => {
    const { http, workflows } = openApp();
    workflows.answer('applyPipeline', () => ({ created: false, changed: false, revision: 7, warnings: ['no checks'] }));
    const answer = await http.put('/v1/pipelines/shop').send(shopText);
    expect([answer.status, answer.body]).toMatchObject([200, { changed: false, revision: 7, warnings: ['no checks'] }]);
  });

  it('takes YAML as well as JSON, to the same document', async () => {
    const { http, workflows } = openApp();
    const yaml = [
      'apiVersion: meridian/v1', 'kind: Pipeline', 'name: shop', 'owner: { team: payments, contact: "#payments-oncall" }',
      'regions: { virginia: &big { weight: 65 }, sydney: { weight: 5 }, frankfurt: { weight: 30 }, oregon: *big }',
      'target: { type: webhook, url: "http://127.0.0.1/hook" }', 'lifecycle: [{ environment: staging }, { environment: production }]',
    ].join('\n');
    await http.put('/v1/pipelines/shop').type('application/yaml').send(yaml).expect(201);
    await http.put('/v1/pipelines/shop').send({ ...shopText, regions: { ...shopText.regions, oregon: { weight: 65 } } }).expect(201);
    const [one, other] = workflows.told('applyPipeline').map(([, { document }]) => document);
    expect(one).toEqual(other);
  });

  it('refuses a document under the address of another pipeline', async () => {
    const { http, workflows } = openApp();
    const answer = await http.put('/v1/pipelines/web').send(shopText);
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ code: 'InvalidRequest', errors: [{ in: 'body', pointer: '/name', detail: expect.stringContaining('named shop') as string }] });
    expect(workflows.calls).toEqual([]);
  });

  it('lists pipelines with their boards, page by page', async () => {
    const { http, workflows } = openApp();
    const answer = await http.get('/v1/pipelines?limit=2&cursor=abc').expect(200);
    expect(PipelinePage.parse(answer.body)).toMatchObject({ items: [{ name: 'shop', revision: 3, board, links: { self: '/v1/pipelines/shop' } }], next: 'more' });
    expect(workflows.told('pipelines')).toEqual([[{ limit: 2, cursor: 'abc' }]]);
  });

  it('gives a pipeline with its document, board, releases, locks and queue', async () => {
    const answer = await openApp().http.get('/v1/pipelines/shop').expect(200);
    expect(Pipeline.parse(answer.body)).toMatchObject({ document: { name: 'shop' }, board, locks: { production: 'shop-1' }, queue: ['shop-2'] });
  });

  it('gives no link into a Temporal UI whose address is not known', async () => {
    const answer = await openApp({ uiUrl: null }).http.get('/v1/pipelines/shop');
    expect(answer.body).toMatchObject({ links: { temporal: null } });
  });
});

describe('plans', () => {
  it('leaves out the phases that the release has passed, and changes nothing', async () => {
    const { http, workflows } = openApp();
    const answer = await http.post('/v1/plans').send({ pipeline: 'shop', release: { version: '1.1.0' } }).expect(200);
    expect(Plan.parse(answer.body)).toMatchObject({ pipeline: 'shop', revision: 3, release: '1.1.0', alreadyVerified: ['staging'] });
    expect(workflows.calls.map(({ name }) => name)).toEqual(['pipeline']);
  });

  it('plans the whole walk of a release that is not known, up to an environment', async () => {
    const answer = await openApp().http.post('/v1/plans').send({ pipeline: 'shop', release: { version: '9.9.9' }, to: 'staging' }).expect(200);
    expect(Plan.parse(answer.body).phases.map(({ environment }) => environment)).toEqual(['staging']);
  });

  it('refuses an environment that the lifecycle does not have', async () => {
    const answer = await openApp().http.post('/v1/plans').send({ pipeline: 'shop', release: { version: '1.1.0' }, to: 'live' });
    expect([answer.status, answer.body]).toMatchObject([422, { code: 'InvalidRequest', detail: expect.stringContaining('staging, production') as string }]);
  });
});

describe('rollouts', () => {
  const body = { pipeline: 'shop', release: { version: '1.1.0' } };

  it('answers 202 with the address and the rollout as it stands', async () => {
    const { http, workflows } = openApp();
    const answer = await http.post('/v1/rollouts').set('Meridian-User', 'ana').send({ ...body, to: 'staging' });
    expect(answer.status).toBe(202);
    expect(answer.get('location')).toBe('/v1/rollouts/shop-1');
    expect(Rollout.parse(answer.body)).toEqual({ ...rolloutView, links: { self: '/v1/rollouts/shop-1', temporal: temporalOf('rollout/shop-1') } });
    expect(workflows.told('startRollout')[0]).toMatchObject(['shop', { release: { version: '1.1.0' }, to: 'staging', by: 'ana' }, anyId]);
  });

  it('still answers 202 when the rollout that it started cannot be read', async () => {
    const { http, workflows } = openApp();
    workflows.fail('rollout', new OutOfReach('TimedOut', 'too late'));
    const answer = await http.post('/v1/rollouts').send(body);
    expect(answer.status).toBe(202);
    expect(Rollout.parse(answer.body)).toMatchObject({ id: 'shop-1', status: 'queued', release: '1.1.0', regions: [] });
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
});

describe('decisions', () => {
  it.each(decisionKinds)('%s reaches the workflow with its author, roles and reason, and answers the rollout', async (kind) => {
    const { http, workflows } = openApp();
    const answer = await http.post(`/v1/rollouts/shop-1/${kind}`).set('Meridian-User', 'ben').send({ reason: 'because', region: 'sydney' });
    expect(answer.status).toBe(200);
    expect(Rollout.parse(answer.body)).toMatchObject({ id: 'shop-1', links: { self: '/v1/rollouts/shop-1' } });
    expect(workflows.told('decide')[0]).toMatchObject(['shop-1', kind, { by: 'ben', roles: ['*'], reason: 'because', region: 'sydney' }, anyId]);
  });

  it.each(['reject', 'abort', 'rollback', 'skip'])('%s needs a reason', async (kind) => {
    const answer = await openApp().http.post(`/v1/rollouts/shop-1/${kind}`).send({});
    expect([answer.status, answer.body]).toMatchObject([422, { errors: [{ pointer: '/reason', detail: 'missing; expected a text' }] }]);
  });

  it('that make no sense now are 409 with the state', async () => {
    const { http, workflows } = openApp();
    workflows.fail('decide', new MeridianFailure('DecisionRefused', 'It is not paused.'));
    const answer = await http.post('/v1/rollouts/shop-1/resume').send({});
    expect([answer.status, answer.body]).toMatchObject([409, { code: 'DecisionRefused', detail: 'It is not paused.', rollout: { id: 'shop-1', status: 'running' } }]);
  });
});

describe('the board', () => {
  it('shows every pipeline', async () => {
    const answer = await openApp().http.get('/v1/board').expect(200);
    expect(BoardPage.parse(answer.body)).toEqual({ items: [{ pipeline: 'shop', cells: board }], next: 'more' });
  });

  it('shows one pipeline, or says that there is no such pipeline', async () => {
    const { http, workflows } = openApp();
    expect((await http.get('/v1/board?pipeline=shop').expect(200)).body).toEqual({ items: [{ pipeline: 'shop', cells: board }] });
    workflows.fail('pipelineMemo', new MeridianFailure('PipelineNotFound', 'none'));
    await http.get('/v1/board?pipeline=web').expect(404);
  });
});

describe('operations', () => {
  it('is healthy as long as the process answers', async () => {
    const { http, workflows } = openApp();
    expect((await http.get('/healthz').expect(200)).body).toEqual({ status: 'ok' });
    expect(workflows.calls).toEqual([]);
  });

  it('is ready only with Temporal and a worker, and names what is missing', async () => {
    const { http, workflows } = openApp();
    await http.get('/readyz').expect(200);
    workflows.answer('readiness', () => ({ temporal: { ok: true, detail: 'there' }, worker: { ok: false, detail: 'Nobody polls.' } }));
    const answer = await http.get('/readyz').expect(503);
    expect(Readiness.parse(answer.body)).toEqual({
      status: 'not-ready', checks: [{ name: 'temporal', ok: true, detail: 'there' }, { name: 'worker', ok: false, detail: 'Nobody polls.' }],
    });
  });

  it('counts requests by route, not by address', async () => {
    const { http } = openApp();
    await http.get('/v1/rollouts/shop-1');
    await http.get('/v1/rollouts/shop-2');
    await http.get('/nowhere');
    const { text } = await http.get('/metrics').expect(200).expect('content-type', /^text\/plain/);
    expect(text).toContain('meridian_http_requests_total{method="GET",route="/v1/rollouts/{id}",status="200"} 2');
    expect(text).toContain('meridian_http_requests_total{method="GET",route="unmatched",status="404"} 1');
    expect(text).toContain('meridian_http_request_duration_seconds_bucket');
    expect(text).not.toContain('shop-1');
  });
});
