import { MeridianFailure } from '../../rollout/failure.js';
import { Rollout } from '../../rollout/schema/rollout.js';
import { RolloutPage } from '../answers.js';
import { sameRequest } from '../idempotency.js';
import { RolloutParams, RolloutsQuery, ShipRequest } from '../requests.js';
import { defineRoute, type Route } from '../route.js';
import { OutOfReach } from '../temporal/out-of-reach.js';
import type { Admitted, RolloutView } from '../temporal/workflows.js';
import { withKnownState } from './known-state.js';
import type { Services } from './services.js';

const tag = 'Rollouts';

export const rolloutRoutes = (services: Services): Route[] => [start(services), list(services), get(services)];

const start = (services: Services): Route =>
  defineRoute({
    method: 'post',
    path: '/v1/rollouts',
    operationId: 'startRollout',
    summary: 'Ship a release',
    tag,
    permission: 'deploy',
    body: { schema: ShipRequest, format: 'json' },
    answers: {
      202: {
        description: 'The rollout is numbered and runs, or waits in line',
        schema: Rollout,
        headers: { Location: { description: 'Where the rollout is read', schema: { type: 'string' } } },
      },
    },
    problems: ['PipelineNotFound', 'ReleaseUnknown', 'ReleaseChanged', 'NothingToDo', 'EnvironmentBusy', 'VariableMissing'],
    async handle({ body, actor, key }) {
      const { pipeline, release, to } = body;
      const request = { release, ...(to !== undefined && { to }), by: actor.name, fingerprint: key.fingerprint };
      const admitted = sameRequest(await services.workflows.startRollout(pipeline, request, key.updateId), key);
      const view = await readOrAdmitted(services, body, admitted, actor.name);
      const links = services.links.rollout(view.id);
      return { status: 202, body: { ...view, links } satisfies Rollout, headers: { Location: links.self } };
    },
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

/**
 * The rollout as it stands. It is started already, so whatever keeps us from reading it must not look like a refusal: whoever sent the
 * request again without a key would start a second one.
 */
async function readOrAdmitted(
  { workflows }: Services, { pipeline, release }: ShipRequest, { rollout, number }: Admitted, by: string,
): Promise<RolloutView> {
  try {
    return await workflows.rollout(rollout);
  } catch (error) {
    if (!(error instanceof OutOfReach) && !(error instanceof MeridianFailure)) throw error;
    return {
      id: rollout, pipeline, number, release: release.version, startedBy: by, createdAt: new Date().toISOString(),
      status: 'queued', phase: null, why: 'It is admitted; what it does cannot be read just now.', waitingFor: [], regions: [], timeline: [],
    };
  }
}
