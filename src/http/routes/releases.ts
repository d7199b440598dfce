import { Revoked } from '../answers.js';
import { sameRequest } from '../idempotency.js';
import { ReleaseParams, RevokeBody } from '../requests.js';
import { defineRoute, type Route } from '../route.js';
import type { Services } from './services.js';

export const releaseRoutes = ({ workflows }: Services): Route[] => [
  defineRoute({
    method: 'post',
    path: '/v1/pipelines/{name}/releases/{version}/revoke',
    operationId: 'revokeRelease',
    summary: 'Take back that a release is verified, in one place, an environment or everywhere: it is promoted from there no more',
    tag: 'Pipelines',
    permission: 'decide',
    params: ReleaseParams,
    body: { schema: RevokeBody, format: 'json' },
    answers: { 200: { description: 'Where it was verified and is not any more', schema: Revoked } },
    problems: ['PipelineNotFound', 'ReleaseUnknown'],
    async handle({ params: { name, version: release }, body, actor, key }) {
      const { environment, region, tenant, reason } = body;
      const where = { ...(environment !== undefined && { environment }), ...(region !== undefined && { region }), ...(tenant !== undefined && { tenant }) };
      const request = { release, ...where, reason, by: actor.name, fingerprint: key.fingerprint };
      const { places } = sameRequest(await workflows.revoke(name, request, key.updateId), key);
      return { status: 200, body: { places } satisfies Revoked };
    },
  }),
];
