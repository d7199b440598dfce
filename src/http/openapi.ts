import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject, type ZodOpenApiResponseObject } from 'zod-openapi';
import { Block, BlockRequest } from '../rollout/schema/block.js';
import { Board } from '../rollout/schema/board.js';
import { Freeze, FreezeRequest } from '../rollout/schema/freeze.js';
import { PipelineDocument } from '../rollout/schema/pipeline.js';
import { Plan, PlanAnswer } from '../rollout/schema/plan.js';
import { Release } from '../rollout/schema/release.js';
import { RegionState, Rollout, RolloutSummary } from '../rollout/schema/rollout.js';
import { Schedule, ScheduleRequest } from '../rollout/schema/schedule.js';
import { ContractRequest, ShipRequest } from '../rollout/schema/ship.js';
import { Applied, MigrationState, Missing, Pipeline, PipelineSummary, Readiness, Tenants } from './answers.js';
import { Problem, problemKind, type ProblemCode } from './problems.js';
import type { DocumentedAnswer, Route } from './route.js';

/** The OpenAPI 3.1 document of a table of routes, from the very schemas that validate. */
export function openApiDocument(routes: Route[], version: string): ReturnType<typeof createDocument> {
  return createDocument({
    openapi: '3.1.1',
    info: {
      title: 'Meridian',
      version,
      description: 'Rolls a release out across regions, one gate at a time, durably. '
        + 'Errors are problem documents (RFC 9457) with a stable `code`. '
        + 'Every write takes an `Idempotency-Key`: sent again, it takes effect once.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    components: {
      schemas: {
        Problem, ShipRequest, ContractRequest, Rollout, RolloutSummary, RegionState, Release, Plan, PlanAnswer, Board, Pipeline, PipelineSummary,
        PipelineDocument, MigrationState, Applied, Missing, Tenants, FreezeRequest, Freeze, BlockRequest, Block, ScheduleRequest, Schedule, Readiness,
      },
      securitySchemes: {
        token: {
          type: 'http', scheme: 'bearer',
          description: 'A token of MERIDIAN_TOKENS. Without that setting Meridian answers on this machine only and asks for none.',
        },
      },
    },
    paths: pathsOf(routes),
  });
}

function pathsOf(routes: Route[]): ZodOpenApiPathsObject {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route) };
  return paths;
}

function operationOf(route: Route): ZodOpenApiOperationObject {
  const { operationId, summary, tag, params, query, body } = route;
  return {
    operationId,
    summary,
    tags: [tag],
    // Either a token, or, on this machine only, none.
    ...(route.permission === 'anyone' ? { security: [] } : { security: [{ token: [] }, {}] }),
    requestParams: {
      ...(params && { path: params }),
      ...(query && { query }),
      ...(isWrite(route) && { header: WriteHeaders }),
    },
    ...(body && { requestBody: { required: true, content: contentOf(body) } }),
    responses: { ...answersOf(route.answers), ...problemsOf(codesOf(route)) },
  };
}

const isWrite = ({ method }: Route): boolean => method !== 'get';

const WriteHeaders = z.object({
  'Idempotency-Key': z.string().min(1).max(255).optional().describe('Makes the write happen once, however often it is sent'),
});

const contentOf = ({ schema, format }: NonNullable<Route['body']>) => ({
  'application/json': { schema },
  ...(format === 'json-or-yaml' && { 'application/yaml': { schema } }),
});

const answersOf = (answers: Route['answers']): Record<string, ZodOpenApiResponseObject> =>
  Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, responseOf(answer)]));

const responseOf = ({ description, schema, contentType = 'application/json', headers }: DocumentedAnswer): ZodOpenApiResponseObject => ({
  description,
  ...(contentType !== null && { content: { [contentType]: { schema: schema ?? z.string() } } }),
  ...(headers && { headers }),
});

/** One response for each status, which names the codes that it may carry. */
function problemsOf(codes: ProblemCode[]): Record<string, ZodOpenApiResponseObject> {
  const statuses = [...new Set(codes.map((code) => problemKind(code).status))];
  return Object.fromEntries(statuses.map((status) => [String(status), {
    description: codes.filter((code) => problemKind(code).status === status).map((code) => `${code}: ${problemKind(code).title}`).join('; '),
    content: { 'application/problem+json': { schema: Problem } },
  }]));
}

function codesOf(route: Route): ProblemCode[] {
  const { permission, params, query, body, problems } = route;
  const codes: ProblemCode[] = [...problems];
  if (permission !== 'anyone') codes.push('Unauthenticated', 'HostRefused', 'TemporalUnavailable', 'NoWorker', 'TimedOut', 'Overloaded');
  if (permission === 'decide' || permission === 'deploy') codes.push('RoleMissing');
  if (params || query || body) codes.push('MalformedRequest', 'InvalidRequest');
  if (body) codes.push('BodyTooLarge', 'MediaTypeUnsupported');
  if (isWrite(route)) codes.push('IdempotencyKeyReused');
  return [...new Set(codes)];
}
