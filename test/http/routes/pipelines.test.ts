import { describe, expect, it } from 'vitest';
import { Applied, Pipeline, PipelinePage } from '../../../src/http/answers.js';
import { shopText } from '../../rollout/sample-document.js';
import { board } from '../fake-workflows.js';
import { openApp, temporalOf } from '../open-app.js';

const anyId = expect.any(String) as string;

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

  it('tells what is wrong with the address and with the document in one answer, and keeps nothing', async () => {
    const { http, workflows } = openApp();
    const answer = await http.put('/v1/pipelines/Bad%20Name').send({ ...(JSON.parse(JSON.stringify(shopText)) as object), name: 'Bad Name', kind: 'Pipelin' });
    expect(answer.status).toBe(422);
    const errors = (answer.body as { errors: { in: string; pointer: string }[] }).errors.map(({ in: place, pointer }) => `${place} ${pointer}`);
    expect(errors).toEqual(expect.arrayContaining(['path /name', 'body /name', 'body /kind']));
    expect(workflows.told('applyPipeline')).toEqual([]);
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
