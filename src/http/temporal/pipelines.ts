import { WithStartWorkflowOperation } from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import { isFailureCode, MeridianFailure } from '../../rollout/failure.js';
import { pipelineWorkflowId } from '../../rollout/ids.js';
import {
  applyUpdate, contractPlanQuery, drainUpdate, pipelineQuery, revokeUpdate, startContractUpdate, startRolloutUpdate,
} from '../../../workflows/messages/pipeline.js';
import { searchAttributes } from '../../../workflows/search-attributes.js';
import type { PipelineInput } from '../../../workflows/pipeline.js';
import { unlessNotFound } from './failures.js';
import { memoField, type Execution } from './memo.js';
import type { Reach } from './reach.js';
import { listExecutions } from './visibility.js';
import type { PipelineCalls, PipelineMemo } from './workflows.js';

/** The entity of a pipeline: started by the first document, asked for the rest of its life. */
export function pipelineCalls(reach: Reach): PipelineCalls {
  const handleOf = (name: string) => reach.client.workflow.getHandle(pipelineWorkflowId(name));

  /** An update of a pipeline that is there already. */
  const update = <Answer, Request>(name: string, definition: UpdateDefinition<Answer, [Request]>, request: Request, updateId: string): Promise<Answer> =>
    unlessNotFound(
      () => reach.update(pipelineWorkflowId(name), () => handleOf(name).executeUpdate(definition, { args: [request], updateId })),
      () => notFound(name),
    );

  return {
    applyPipeline: (name, request, updateId) =>
      reach.update(pipelineWorkflowId(name), () =>
        reach.client.workflow.executeUpdateWithStart(applyUpdate, {
          args: [request], updateId, startWorkflowOperation: startPipeline(name, reach.taskQueue),
        })),

    async pipeline(name) {
      await describeOpen(reach, name);
      const state = await unlessNotFound(() => reach.query(() => handleOf(name).query(pipelineQuery)), () => notFound(name));
      // The entity lives from the first attempt to apply a document on; before one was accepted there is no pipeline.
      return state.revision === 0 ? notFound(name) : state;
    },

    async pipelineMemo(name) {
      return memoOf(await describeOpen(reach, name)) ?? notFound(name);
    },

    async pipelines(paging) {
      const { items, next } = await listExecutions(reach, `WorkflowType='pipeline' AND ExecutionStatus='Running'`, paging);
      return { items: items.flatMap((execution) => memoOf(execution) ?? []), ...(next !== undefined && { next }) };
    },

    startRollout: (pipeline, request, updateId) => update(pipeline, startRolloutUpdate, request, updateId),
    startContract: (pipeline, request, updateId) => update(pipeline, startContractUpdate, request, updateId),

    async contractPlan(name, question) {
      await describeOpen(reach, name);
      const answer = await unlessNotFound(() => reach.query(() => handleOf(name).query(contractPlanQuery, question)), () => notFound(name));
      if ('plan' in answer) return answer.plan;
      const { code, message } = answer.refusal;
      throw new MeridianFailure(isFailureCode(code) ? code : 'Internal', message);
    },

    drain: (pipeline, request, updateId) => update(pipeline, drainUpdate, request, updateId),
    revoke: (pipeline, request, updateId) => update(pipeline, revokeUpdate, request, updateId),
  };
}

function startPipeline(name: string, taskQueue: string) {
  const input: PipelineInput = { name };
  return new WithStartWorkflowOperation('pipeline', {
    workflowId: pipelineWorkflowId(name),
    taskQueue,
    args: [input],
    workflowIdConflictPolicy: 'USE_EXISTING',
    staticSummary: `the pipeline ${name}: its document, releases, board, locks and queue`,
    typedSearchAttributes: [{ key: searchAttributes.pipeline, value: name }],
  });
}

/** The entity, when it is there and has not been ended from outside. */
async function describeOpen(reach: Reach, name: string): Promise<Execution> {
  const { raw, status } = await unlessNotFound(
    () => reach.store(() => reach.client.workflow.getHandle(pipelineWorkflowId(name)).describe()),
    () => notFound(name),
  );
  return status.name === 'RUNNING' && raw.workflowExecutionInfo ? raw.workflowExecutionInfo : notFound(name);
}

function memoOf(execution: Execution): PipelineMemo | undefined {
  const pipeline = memoField<PipelineMemo, 'pipeline'>(execution, 'pipeline');
  const debt = memoField<PipelineMemo, 'debt'>(execution, 'debt');
  return pipeline && { pipeline, board: memoField<PipelineMemo, 'board'>(execution, 'board') ?? [], ...(debt && { debt }) };
}

function notFound(name: string): never {
  throw new MeridianFailure('PipelineNotFound', `There is no pipeline ${name}. Apply its document first: PUT /v1/pipelines/${name}.`);
}
