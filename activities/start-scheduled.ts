import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { WorkflowNotFoundError, WorkflowUpdateFailedError, type WorkflowHandle } from '@temporalio/client';
import { isFailureCode } from '../src/rollout/failure.js';
import { pipelineWorkflowId } from '../src/rollout/ids.js';
import { placeKey } from '../src/rollout/places.js';
import type { Release } from '../src/rollout/schema/release.js';
import type { ScheduledRelease } from '../src/rollout/schema/schedule.js';
import { pipelineQuery, startRolloutUpdate, type PipelineState, type StartRequest } from '../workflows/messages.js';
import type { Dependencies } from './dependencies.js';
import type { ScheduledWork } from './work.js';

/**
 * Starts the rollout of a schedule whose time has come, and says which, or why none: `shop-12 ships 1.4.2`. Asking twice starts one: the
 * update's id is that of the workflow run that asks.
 */
export const startScheduled = ({ client }: Dependencies) => async (work: ScheduledWork): Promise<string> => {
  const pipeline = client.workflow.getHandle(pipelineWorkflowId(work.pipeline));
  try {
    const release = releaseFor(work.release, await pipeline.query(pipelineQuery));
    if (release === null) return `started none: no release is known that ${wanted(work.release)}`;
    const { rollout } = await start(pipeline, work, release);
    return `${rollout} ships ${release.version}`;
  } catch (error) {
    return `started none: ${refusal(error, work.pipeline)}`;
  }
};

const start = (pipeline: WorkflowHandle, { to, rehearse, reason, by }: ScheduledWork, release: Release) => {
  const options = { lane: 'normal', rehearse, reason, ...(to !== undefined && { to }) } satisfies StartRequest['options'];
  // A schedule has no roles: what needs one is for a person to start.
  const request: StartRequest = { release, options, by, roles: [] };
  return pipeline.executeUpdate(startRolloutUpdate, { args: [request], updateId: `scheduled-${activityInfo().workflowExecution!.runId}` });
};

/** The release that is meant; the newest one that was verified in every place of an environment which that has now. */
export function releaseFor(wanted: ScheduledRelease, { releases, board }: Pick<PipelineState, 'releases' | 'board'>): Release | null {
  if ('version' in wanted) return releases.find(({ release }) => release.version === wanted.version)?.release ?? null;
  const places = board.filter((cell) => cell.environment === wanted.verifiedIn).map(placeKey);
  const isVerified = ({ verified }: PipelineState['releases'][number]): boolean => places.every((place) => Object.hasOwn(verified, place));
  return places.length === 0 ? null : releases.findLast(isVerified)?.release ?? null;
}

const wanted = (release: ScheduledRelease): string =>
  'version' in release ? `is called ${release.version}` : `is verified in every region of ${release.verifiedIn}`;

/** A refusal is an outcome; whatever else keeps the rollout from being started is tried again. */
function refusal(error: unknown, pipeline: string): string {
  if (error instanceof WorkflowNotFoundError) return `there is no pipeline ${pipeline}`;
  const { cause } = error instanceof WorkflowUpdateFailedError ? error : {};
  if (cause instanceof ApplicationFailure && isFailureCode(cause.type)) return `${cause.type}: ${cause.message}`;
  throw error;
}
