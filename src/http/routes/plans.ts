import { planRollout } from '../../rollout/plan.js';
import { Plan } from '../../rollout/schema/plan.js';
import { ShipRequest } from '../requests.js';
import { defineRoute, type Route } from '../route.js';
import type { Services } from './services.js';

export const planRoutes = ({ workflows }: Services): Route[] => [
  defineRoute({
    method: 'post',
    path: '/v1/plans',
    operationId: 'planRollout',
    summary: 'Say what a rollout would do, and change nothing',
    tag: 'Rollouts',
    permission: 'known',
    body: { schema: ShipRequest, format: 'json' },
    answers: {
      200: { description: 'The plan: phases, waves and why each region stands where it does, gates, warnings, expected times', schema: Plan },
    },
    problems: ['PipelineNotFound'],
    async handle({ body: { pipeline, release: { version }, to } }) {
      const { document, revision, releases, board } = await workflows.pipeline(pipeline);
      const known = releases.find(({ release }) => release.version === version);
      const plan = planRollout({ document, revision, release: version, verified: known?.verified ?? {}, board, ...(to !== undefined && { to }) });
      return { status: 200, body: plan };
    },
  }),
];
