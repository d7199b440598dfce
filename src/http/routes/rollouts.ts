import { Plan } from '../../rollout/schema/plan.js';
import { Rollout } from '../../rollout/schema/rollout.js';
import { ShipRequest } from '../../rollout/schema/ship.js';
import { RolloutPage } from '../answers.js';
import { RolloutParams, RolloutsQuery, SoakParams, SoakQuery } from '../requests.js';
import { defineRoute, type Route } from '../route.js';
import { withKnownState } from './known-state.js';
import type { Services } from './services.js';
import { ship, startProblems } from './ship.js';
import { startedAnswer } from './started.js';

const tag = 'Rollouts';

export const rolloutRoutes = (services: Services): Route[] => [start(services), list(services), get(services), plan(services), soak(services)];

const start = (services: Services): Route =>
  defineRoute({
    method: 'post',
    path: '/v1/rollouts',
    operationId: 'startRollout',
    summary: 'Ship a release, now or at its time',
    tag,
    permission: 'deploy',
    body: { schema: ShipRequest, format: 'json' },
    answers: { 202: startedAnswer },
    problems: startProblems,
    handle: ({ body, actor, key }) => ship(services, body, actor, key),
  });

const list = ({ workflows, links }: Services): Route =>
  defineRoute({
    method: 'get',
    path: '/v1/rollouts',
    operationId: 'listRollouts',
    summary: 'List rollouts',
    tag,
    permission: 'known',
    query: RolloutsQuery,
    answers: {
      200: {
        description: 'A page of rollouts: those that run, then those that ended last. Readable while no worker is up, and a moment behind',
        schema: RolloutPage,
      },
    },
    problems: [],
    async handle({ query: { limit, cursor, ...filter } }) {
      const { items, ...page } = await workflows.rollouts(filter, { limit, cursor });
      const body: RolloutPage = { items: items.map((summary) => ({ ...summary, links: links.rollout(summary.id) })), ...page };
      return { status: 200, body };
    },
  });

const get = ({ workflows, links }: Services): Route =>
  defineRoute({
    method: 'get',
    path: '/v1/rollouts/{id}',
    operationId: 'getRollout',
    summary: 'Get a rollout: what it does now and why, each region, the timeline',
    tag,
    permission: 'known',
    params: RolloutParams,
    answers: { 200: { description: 'The rollout', schema: Rollout } },
    problems: ['RolloutNotFound'],
    async handle({ params: { id } }) {
      const view = await withKnownState(workflows, id, () => workflows.rollout(id));
      return { status: 200, body: { ...view, links: links.rollout(id) } satisfies Rollout };
    },
  });

const plan = ({ workflows }: Services): Route =>
  defineRoute({
    method: 'get',
    path: '/v1/rollouts/{id}/plan',
    operationId: 'getRolloutPlan',
    summary: 'Get the plan of a rollout: what an approval of its hash says yes to',
    tag,
    permission: 'known',
    params: RolloutParams,
    answers: { 200: { description: 'The plan as it stands; it is made anew when the rollout has waited in line', schema: Plan } },
    problems: ['RolloutNotFound'],
    handle: async ({ params: { id } }) => ({ status: 200, body: await withKnownState(workflows, id, () => workflows.plan(id)) }),
  });

const soak = ({ workflows }: Services): Route =>
  defineRoute({
    method: 'get',
    path: '/v1/rollouts/{id}/soaks/{environment}/{region}',
    operationId: 'getSoak',
    summary: 'Get everything that a soak has seen, and what the judge has said of it',
    tag,
    permission: 'known',
    params: SoakParams,
    query: SoakQuery,
    answers: {
      200: {
        description: 'JSON lines, as `meridian judge replay` reads them: the soak, every sample, the verdict at each change. Readable while no worker is up',
        contentType: 'application/x-ndjson',
      },
    },
    problems: ['RolloutNotFound', 'SoakNotFound'],
    async handle({ params: { id, environment, region }, query: { tenant, attempt } }) {
      const body = await workflows.soakSamples(id, { environment, region, tenant }, attempt);
      return { status: 200, body, headers: { 'Content-Type': 'application/x-ndjson' } };
    },
  });
