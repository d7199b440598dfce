import { missingIn } from '../../rollout/document/missing.js';
import { tenantProgress } from '../../rollout/pipeline/tenant-progress.js';
import { Missing, Tenants } from '../answers.js';
import { MissingQuery, PipelineParams } from '../requests.js';
import { defineRoute, type Route } from '../route.js';
import type { Services } from './services.js';

const tag = 'Pipelines';

/** What is asked of a pipeline's places: what they lack, and how far they are. */
export const placeRoutes = (services: Services): Route[] => [missing(services), tenants(services)];

const missing = ({ workflows }: Services): Route =>
  defineRoute({
    method: 'get',
    path: '/v1/pipelines/{name}/missing',
    operationId: 'listMissing',
    summary: 'List the values that the document lacks, also for a region or tenant that is yet to come',
    tag,
    permission: 'known',
    params: PipelineParams,
    query: MissingQuery,
    answers: { 200: { description: 'Every required variable without a value, with what a person needs to give it', schema: Missing } },
    problems: ['PipelineNotFound'],
    async handle({ params: { name }, query }) {
      const { document } = await workflows.pipeline(name);
      return { status: 200, body: { items: missingIn(document, query) } satisfies Missing };
    },
  });

const tenants = ({ workflows }: Services): Route =>
  defineRoute({
    method: 'get',
    path: '/v1/pipelines/{name}/tenants',
    operationId: 'listTenants',
    summary: 'How far the newest release has come, tenant by tenant',
    tag,
    permission: 'known',
    params: PipelineParams,
    answers: { 200: { description: 'Every tenant in the order of the document', schema: Tenants } },
    problems: ['PipelineNotFound'],
    async handle({ params: { name } }) {
      const { document, board, releases } = await workflows.pipeline(name);
      const release = releases.at(-1)?.release.version ?? null;
      return { status: 200, body: { release, items: tenantProgress(document, board, release) } satisfies Tenants };
    },
  });
