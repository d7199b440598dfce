import { PipelineDocument } from '../../rollout/schema/pipeline.js';
import { Applied, Pipeline, PipelinePage, type PipelineSummary } from '../answers.js';
import { checkDocument } from '../document.js';
import { sameRequest } from '../idempotency.js';
import type { Links } from '../links.js';
import { invalidRequest } from '../problems.js';
import { PageQuery, PipelineParams } from '../requests.js';
import { defineRoute, type Route } from '../route.js';
import type { PipelineMemo } from '../temporal/workflows.js';
import type { Services } from './services.js';

const tag = 'Pipelines';

export const pipelineRoutes = (services: Services): Route[] => [apply(services), list(services), get(services)];

const apply = ({ workflows, links }: Services): Route =>
  defineRoute({
    method: 'put',
    path: '/v1/pipelines/{name}',
    operationId: 'applyPipeline',
    summary: 'Apply a pipeline document',
    tag,
    permission: 'deploy',
    params: PipelineParams,
    body: { schema: PipelineDocument, format: 'json-or-yaml', check: checkDocument },
    answers: {
      200: { description: 'The document is the current one; `changed` is false when it was so before', schema: Applied },
      201: { description: 'The pipeline is new', schema: Applied },
    },
    problems: [],
    async handle({ params: { name }, body: document, actor, key }) {
      if (document.name !== name) {
        const detail = `the address is of the pipeline ${name} and the document is named ${document.name}: make them the same`;
        throw invalidRequest([{ in: 'body', pointer: '/name', detail }]);
      }
      const { created, changed, revision, warnings } = sameRequest(
        await workflows.applyPipeline(name, { document, by: actor.name, fingerprint: key.fingerprint }, key.updateId), key,
      );
      const body: Applied = { name, revision, created, changed, warnings, links: links.pipeline(name) };
      return created ? { status: 201, body, headers: { Location: body.links.self } } : { status: 200, body };
    },
  });

const list = ({ workflows, links }: Services): Route =>
  defineRoute({
    method: 'get',
    path: '/v1/pipelines',
    operationId: 'listPipelines',
    summary: 'List the pipelines, each with its board',
    tag,
    permission: 'known',
    query: PageQuery,
    answers: { 200: { description: 'A page of pipelines; readable while no worker is up, and a moment behind', schema: PipelinePage } },
    problems: [],
    async handle({ query }) {
      const { items, ...page } = await workflows.pipelines(query);
      return { status: 200, body: { items: items.map((memo) => summaryOf(memo, links)), ...page } satisfies PipelinePage };
    },
  });

const get = ({ workflows, links }: Services): Route =>
  defineRoute({
    method: 'get',
    path: '/v1/pipelines/{name}',
    operationId: 'getPipeline',
    summary: 'Get a pipeline: its document, board, releases, locks and queue',
    tag,
    permission: 'known',
    params: PipelineParams,
    answers: { 200: { description: 'The pipeline', schema: Pipeline } },
    problems: ['PipelineNotFound'],
    async handle({ params: { name } }) {
      const state = await workflows.pipeline(name);
      return { status: 200, body: { ...state, links: links.pipeline(name) } satisfies Pipeline };
    },
  });

const summaryOf = ({ pipeline, board }: PipelineMemo, links: Links): PipelineSummary =>
  ({ ...pipeline, board, links: links.pipeline(pipeline.name) });
