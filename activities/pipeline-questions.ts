import { WorkflowNotFoundError } from '@temporalio/client';
import { pipelineWorkflowId, rolloutWorkflowId } from '../src/rollout/ids.js';
import type { Release } from '../src/rollout/schema/release.js';
import { lastKnownGoodQuery, type LastKnownGoodQuestion } from '../workflows/messages.js';
import type { Dependencies } from './dependencies.js';

/** What the board knows to be good in a region, read at this moment; null when there is no such thing, or no board. */
export const lastKnownGood = ({ client }: Dependencies) =>
  async ({ pipeline, ...question }: LastKnownGoodQuestion & { pipeline: string }): Promise<Release | null> => {
    try {
      return await client.workflow.getHandle(pipelineWorkflowId(pipeline)).query(lastKnownGoodQuery, question);
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
