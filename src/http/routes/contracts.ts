import { PlanAnswer } from '../../rollout/schema/plan.js';
import { ContractRequest, type ShipOptions } from '../../rollout/schema/ship.js';
import { contractAnswer } from '../contract-answer.js';
import { sameRequest, type WriteKey } from '../idempotency.js';
import type { ProblemCode } from '../problems.js';
import { ContractQuery } from '../requests.js';
import type { Actor } from '../roles.js';
import { defineRoute, type Answer, type Route } from '../route.js';
import type { Services } from './services.js';
import { answerStarted, startedAnswer, unread } from './started.js';

/** What starting a contract may be refused for. */
const problems: ProblemCode[] = [
  'PipelineNotFound', 'ContractTooEarly', 'NothingToDo', 'EnvironmentBusy', 'VariableMissing', 'ResidencyViolated', 'PlanChanged', 'RoleMissing',
];

export const contractRoutes = (services: Services): Route[] => [
  defineRoute({
    method: 'post',
    path: '/v1/contracts',
    operationId: 'startContract',
    summary: 'Take the old shape of migrations away in every region, or say what that would do',
    tag: 'Rollouts',
    permission: 'deploy',
    query: ContractQuery,
    body: { schema: ContractRequest, format: 'json' },
    answers: {
      200: { description: 'The plan, for `preview=true`: nothing is started', schema: PlanAnswer },
      202: startedAnswer,
    },
    problems,
    handle: ({ query, body, actor, key }) => (query.preview === 'true' ? preview(services, body) : start(services, body, actor, key)),
  }),
];

async function preview({ workflows }: Services, { pipeline, ...request }: ContractRequest): Promise<Answer> {
  const question = messageOf(request);
  // The plan first: it says why it is too early, where that is so.
  const plan = await workflows.contractPlan(pipeline, question);
  return { status: 200, body: contractAnswer(await workflows.pipeline(pipeline), plan, question.options, Date.now()) satisfies PlanAnswer };
}

async function start(services: Services, { pipeline, ...request }: ContractRequest, actor: Actor, key: WriteKey): Promise<Answer> {
  const message = { ...messageOf(request), by: actor.name, roles: actor.roles, fingerprint: key.fingerprint };
  const { rollout: id, plan } = sameRequest(await services.workflows.startContract(pipeline, message, key.updateId), key);
  // Which release it names is known to Temporal only: what runs where it goes.
  return answerStarted(services, id, async () => ({ ...unread, ...(await services.workflows.rolloutMemo(id)), plan }));
}

const messageOf = ({ migrations, ...options }: Omit<ContractRequest, 'pipeline'>): { migrations?: string[]; options: ShipOptions } =>
  ({ ...(migrations !== undefined && { migrations }), options: { lane: 'normal', rehearse: false, ...options } });
