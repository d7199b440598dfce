import { Drained } from '../answers.js';
import { sameRequest, type WriteKey } from '../idempotency.js';
import { DrainBody, DrainParams } from '../requests.js';
import type { Actor } from '../roles.js';
import { defineRoute, type Answer, type Route } from '../route.js';
import type { Services } from './services.js';

const path = '/v1/pipelines/{name}/drains/{region}';
const tag = 'Pipelines';

export const drainRoutes = (services: Services): Route[] => [drain(services), undrain(services)];

const drain = (services: Services): Route =>
  defineRoute({
    method: 'put',
    path,
    operationId: 'drainRegion',
    summary: 'Leave a region out: rollouts pass it over and come back to it when it takes part again',
    tag,
    permission: 'decide',
    params: DrainParams,
    body: { schema: DrainBody, format: 'json' },
    answers: { 200: { description: 'Every region that is left out now', schema: Drained } },
    problems: ['PipelineNotFound'],
    handle: ({ params, body: { reason }, actor, key }) => change(services, params, reason, actor, key),
  });

const undrain = (services: Services): Route =>
  defineRoute({
    method: 'delete',
    path,
    operationId: 'undrainRegion',
    summary: 'Let a region take part again: what it has missed is shipped to it',
    tag,
    permission: 'decide',
    params: DrainParams,
    answers: { 200: { description: 'Every region that is still left out', schema: Drained } },
    problems: ['PipelineNotFound'],
    handle: ({ params, actor, key }) => change(services, params, null, actor, key),
  });

async function change(
  { workflows }: Services, { name, region }: { name: string; region: string }, reason: string | null, actor: Actor, key: WriteKey,
): Promise<Answer> {
  const request = { region, reason, by: actor.name, fingerprint: key.fingerprint };
  const { drained } = sameRequest(await workflows.drain(name, request, key.updateId), key);
  return { status: 200, body: { drained } satisfies Drained };
}
