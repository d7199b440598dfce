import { WorkflowNotFoundError } from '@temporalio/client';
import { pipelineWorkflowId, rolloutWorkflowId } from '../src/rollout/ids.js';
import { baselineQuery, type Baseline, type BaselineQuestion } from '../workflows/messages/pipeline.js';
import type { Dependencies } from './dependencies.js';

/** What the board knows of a place at this moment: what an undo puts back, and what should run there. Null when there is no board. */
export const baseline = ({ client }: Dependencies) =>
  async ({ pipeline, ...question }: BaselineQuestion & { pipeline: string }): Promise<Baseline | null> => {
    try {
      return await client.workflow.getHandle(pipelineWorkflowId(pipeline)).query(baselineQuery, question);
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return null;
      throw error;
    }
  };

/** Those of these rollouts that are still open: one that somebody has terminated can free nothing by itself. */
export const openRollouts = ({ client }: Dependencies) =>
  async (rollouts: string[]): Promise<string[]> => {
    const open = await Promise.all(rollouts.map(async (rollout) => ((await isOpen(rollout)) ? [rollout] : [])));
    return open.flat();

    async function isOpen(rollout: string): Promise<boolean> {
      try {
        return (await client.workflow.getHandle(rolloutWorkflowId(rollout)).describe()).status.name === 'RUNNING';
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return false;
        throw error;
      }
    }
  };

/** The names of all pipelines, from the visibility list: one that was made in the last second may be missing. */
export const openPipelines = ({ client }: Dependencies) =>
  async (): Promise<string[]> => {
    const prefix = pipelineWorkflowId('');
    const names: string[] = [];
    for await (const { workflowId } of client.workflow.list({ query: `WorkflowType='pipeline' AND ExecutionStatus='Running'` })) {
      if (workflowId.startsWith(prefix)) names.push(workflowId.slice(prefix.length));
    }
    return names.toSorted();
  };
