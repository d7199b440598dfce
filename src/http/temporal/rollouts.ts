import { MeridianFailure } from '../../rollout/failure.js';
import { rolloutWorkflowId } from '../../rollout/ids.js';
import { isTerminal } from '../../rollout/states/statuses.js';
import { decisionUpdate, planQuery, rolloutQuery } from '../../../workflows/messages/rollout.js';
import { unlessNotFound } from './failures.js';
import { memoField, type Execution } from './memo.js';
import type { Reach } from './reach.js';
import { withFreshRegions } from './regions.js';
import { listExecutions, quoted } from './visibility.js';
import type { Decided, RolloutCalls, RolloutFilter, RolloutMemo, RolloutView } from './workflows.js';

type Summary = RolloutMemo['rollout'];

export function rolloutCalls(reach: Reach): RolloutCalls {
  const handleOf = (id: string) => reach.client.workflow.getHandle(rolloutWorkflowId(id));

  const describe = (id: string) => unlessNotFound(() => reach.store(() => handleOf(id).describe()), () => notFound(id));

  return {
    decide: (id, kind, message, updateId) =>
      unlessNotFound(
        () => reach.update(rolloutWorkflowId(id), () => handleOf(id).executeUpdate(decisionUpdate(kind), { args: [message], updateId })),
        // Temporal says the same of a workflow that has ended and of one that never was.
        () => describe(id).then(() => firstAnswer(reach, id, kind, updateId)),
      ),

    async rollout(id) {
      const { status } = await describe(id);
      // The result of a rollout is its last view: to read it takes no worker.
      if (status.name === 'COMPLETED') return reach.store(() => handleOf(id).result() as Promise<RolloutView>);
      const view = await unlessNotFound(() => reach.query(() => handleOf(id).query(rolloutQuery)), () => notFound(id));
      return status.name === 'RUNNING' ? withFreshRegions(reach, view) : endedFromOutside(view, status.name);
    },

    plan: (id) => unlessNotFound(() => reach.query(() => handleOf(id).query(planQuery)), () => notFound(id)),

    async rolloutMemo(id) {
      const { raw } = await describe(id);
      return (raw.workflowExecutionInfo && summaryOf(raw.workflowExecutionInfo)) ?? notFound(id);
    },

    async rollouts(filter, paging) {
      const { items, next } = await listExecutions(reach, rolloutsQuery(filter), paging);
      return { items: items.flatMap((execution) => summaryOf(execution) ?? []), ...(next !== undefined && { next }) };
    },
  };
}

const rolloutsQuery = ({ pipeline, status, release, region }: RolloutFilter): string =>
  [
    `WorkflowType='rollout'`,
    ...condition('MeridianPipeline', pipeline),
    ...condition('MeridianStatus', status),
    ...condition('MeridianRelease', release),
    ...condition('MeridianRegions', region),
  ].join(' AND ');

const condition = (attribute: string, value: string | undefined): string[] => (value === undefined ? [] : [`${attribute}=${quoted(value)}`]);

/** A decision that is sent again after the rollout has ended: when it was carried out then, its answer is given again. */
async function firstAnswer(reach: Reach, id: string, kind: string, updateId: string): Promise<Decided> {
  return unlessNotFound(
    () => reach.store(() => reach.client.workflow.getHandle(rolloutWorkflowId(id)).getUpdateHandle<Decided>(updateId).result()),
    () => {
      throw new MeridianFailure('DecisionRefused', `${id} has ended: there is nothing left to ${kind}.`);
    },
  );
}

/** Temporal's numbers for the ways in which a workflow is open: running, paused. */
const openStatuses: unknown[] = [1, 8];

function summaryOf(execution: Execution): Summary | undefined {
  const summary = memoField<RolloutMemo, 'rollout'>(execution, 'rollout');
  if (summary === undefined || openStatuses.includes(execution.status)) return summary;
  return endedFromOutside(summary, 'ended');
}

/** A workflow that somebody has terminated cannot say so itself: its last words are of a rollout that runs. */
function endedFromOutside<T extends Summary | RolloutView>(view: T, how: string): T {
  if (isTerminal(view.status)) return view;
  return {
    ...view,
    status: 'failed',
    why: `Its workflow was ${how.toLowerCase()} in Temporal while it was ${view.status}: `
      + 'nobody watches its regions any more, and nothing was undone.',
  };
}

function notFound(id: string): never {
  throw new MeridianFailure('RolloutNotFound', `There is no rollout ${id}.`);
}
