import { PlanAnswer } from '../../rollout/schema/plan.js';
import { ShipRequest } from '../../rollout/schema/ship.js';
import { planAnswer } from '../plan-answer.js';
import { readRelease } from '../sent-release.js';
import { defineRoute, type Route } from '../route.js';
import type { Services } from './services.js';

export const planRoutes = ({ workflows }: Services): Route[] => [
  defineRoute({
    method: 'post',
    path: '/v1/plans',
    operationId: 'planRollout',
    summary: 'Say what a rollout would do and when, and change nothing',
    tag: 'Rollouts',
    permission: 'known',
    body: { schema: ShipRequest, format: 'json' },
    answers: {
      200: {
        description: 'The plan: phases, waves and why each region stands where it does, migrations, gates, approvals, expected times, risks, the hash',
        schema: PlanAnswer,
      },
    },
    problems: ['PipelineNotFound', 'ResidencyViolated', 'MigrationRefused'],
    async handle({ body: { pipeline, release, ...options }, actor }) {
      const sent = await readRelease(release);
      return { status: 200, body: planAnswer(await workflows.pipeline(pipeline), sent, options, actor, Date.now()) satisfies PlanAnswer };
    },
  }),
];
