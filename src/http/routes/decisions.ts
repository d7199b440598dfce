import { decisionKinds, type DecisionKind } from '../../rollout/decision-kinds.js';
import { Rollout } from '../../rollout/schema/rollout.js';
import { sameRequest } from '../idempotency.js';
import { decisionRequest, RolloutParams } from '../requests.js';
import { defineRoute, type Route } from '../route.js';
import { withKnownState } from './known-state.js';
import type { Services } from './services.js';

const summaries: Record<DecisionKind, string> = {
  pause: 'Start nothing new; what soaks is still watched, and still undone when it is bad',
  resume: 'Go on after a pause, or try again what is held',
  approve: 'Say yes at a gate',
  reject: 'Say no at a gate: the rollout ends and keeps the regions that are healthy',
  abort: 'Stop here and keep the regions that are healthy',
  rollback: 'Undo every region of this rollout, in reverse order',
  retry: 'Try an undo again that is stuck',
  skip: 'Leave an undo that is stuck as it is: a person takes over there',
};

/** Gates have roles of their own, which the workflow knows: whoever has a name may come to the gate. */
const atGates: readonly DecisionKind[] = ['approve', 'reject'];

export const decisionRoutes = (services: Services): Route[] => decisionKinds.map((kind) => decision(kind, services));

const decision = (kind: DecisionKind, { workflows, links }: Services): Route =>
  defineRoute({
    method: 'post',
    path: `/v1/rollouts/{id}/${kind}`,
    operationId: `${kind}Rollout`,
    summary: summaries[kind],
    tag: 'Decisions',
    permission: atGates.includes(kind) ? 'known' : 'decide',
    params: RolloutParams,
    body: { schema: decisionRequest(kind), format: 'json' },
    answers: { 200: { description: 'It is decided; the rollout as it stands', schema: Rollout } },
    problems: ['RolloutNotFound', 'DecisionRefused', ...(kind === 'approve' ? (['RoleMissing', 'StarterMayNotApprove'] as const) : [])],
    async handle({ params: { id }, body, actor, key }) {
      const { rollout } = await withKnownState(workflows, id, async () =>
        sameRequest(
          await workflows.decide(id, kind, { ...body, by: actor.name, roles: actor.roles, fingerprint: key.fingerprint }, key.updateId), key,
        ));
      return { status: 200, body: { ...rollout, links: links.rollout(id) } satisfies Rollout };
    },
  });
