import { decisionHelp, decisionKinds, type DecisionKind } from '../../rollout/control/decision-kinds.js';
import { Rollout } from '../../rollout/schema/rollout.js';
import { sameRequest } from '../idempotency.js';
import type { ProblemCode } from '../problems.js';
import { decisionRequest, RolloutParams } from '../requests.js';
import type { Permission } from '../roles.js';
import { defineRoute, type Answer, type Route } from '../route.js';
import { withKnownState } from './known-state.js';
import { promoteOrShipOn, type Deciding } from './promote.js';
import type { Services } from './services.js';
import { startProblems } from './ship.js';
import { startedAnswer } from './started.js';

/**
 * Gates and overrides have roles of their own, which the workflow knows: whoever has a name may come to it with them. To promote is to
 * ship; everything else takes an operator.
 */
const permissions: Partial<Record<DecisionKind, Permission>> = { approve: 'known', reject: 'known', override: 'known', promote: 'deploy' };

/** What a decision may be refused for besides its time. */
const problems: Partial<Record<DecisionKind, ProblemCode[]>> = {
  approve: ['RoleMissing', 'StarterMayNotApprove', 'PlanChanged'],
  reject: ['RoleMissing'],
  override: ['RoleMissing'],
  promote: startProblems,
};

export const decisionRoutes = (services: Services): Route[] => decisionKinds.map((kind) => decision(kind, services));

const decision = (kind: DecisionKind, services: Services): Route =>
  defineRoute({
    method: 'post',
    path: `/v1/rollouts/{id}/${kind}`,
    operationId: `${kind}Rollout`,
    summary: `${kind[0]!.toUpperCase()}${kind.slice(1)}: ${decisionHelp[kind]}`,
    tag: 'Decisions',
    permission: permissions[kind] ?? 'decide',
    params: RolloutParams,
    body: { schema: decisionRequest(kind), format: 'json' },
    answers: {
      200: { description: 'It is decided; the rollout as it stands', schema: Rollout },
      ...(kind === 'promote' && { 202: { ...startedAnswer, description: `It had ended already: a new rollout ships on. ${startedAnswer.description}` } }),
    },
    problems: ['RolloutNotFound', 'DecisionRefused', ...(problems[kind] ?? [])],
    handle({ params: { id }, body: request, actor, key }) {
      const deciding: Deciding = { id, request, actor, key };
      const ask = (): Promise<Answer> => decide(services, kind, deciding);
      return withKnownState(services.workflows, id, kind === 'promote' ? () => promoteOrShipOn(services, deciding, ask) : ask);
    },
  });

async function decide({ workflows, links }: Services, kind: DecisionKind, { id, request, actor, key }: Deciding): Promise<Answer> {
  const message = { ...request, by: actor.name, roles: actor.roles, fingerprint: key.fingerprint };
  const { rollout } = sameRequest(await workflows.decide(id, kind, message, key.updateId), key);
  return { status: 200, body: { ...rollout, links: links.rollout(id) } satisfies Rollout };
}
