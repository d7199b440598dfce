import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { pipelineWorkflowId } from '../src/rollout/ids.js';
import { pipelineQuery, type PipelineState } from '../workflows/messages/pipeline.js';

/** Of one question: without a worker that answers, another look follows soon enough. */
const deadlineMs = 10_000;

/** All that a pipeline knows, as of this moment; null when there is no such pipeline. */
export async function stateOfPipeline(client: Client, pipeline: string): Promise<PipelineState | null> {
  try {
    const handle = client.workflow.getHandle(pipelineWorkflowId(pipeline));
    const state = await client.withDeadline(Date.now() + deadlineMs, () => handle.query(pipelineQuery));
    // The entity lives from the first attempt to apply a document on; before one was accepted there is no pipeline.
    return state.revision === 0 ? null : state;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}
