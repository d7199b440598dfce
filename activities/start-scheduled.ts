import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { WorkflowUpdateFailedError, type Client } from '@temporalio/client';
import { isFailureCode } from '../src/rollout/failure.js';
import { pipelineWorkflowId } from '../src/rollout/ids.js';
import { placeKey } from '../src/rollout/places.js';
import { placesOfWalk } from '../src/rollout/plan/plan-question.js';
import type { Release } from '../src/rollout/schema/release.js';
import type { ScheduledRelease } from '../src/rollout/schema/schedule.js';
import type { ShipOptions } from '../src/rollout/schema/ship.js';
import { startRolloutUpdate, type PipelineState, type StartRequest } from '../workflows/messages/pipeline.js';
import type { Dependencies } from './dependencies.js';
import { stateOfPipeline } from './pipeline-state.js';
import type { ScheduledWork } from './work.js';

/**
 * Starts the rollout of a schedule whose time has come, and says which, or why none: `shop-12 ships 1.4.2`. Asking twice starts one: the
 * update's id is that of the workflow run that asks.
 */
export const startScheduled = ({ client }: Dependencies) => async (work: ScheduledWork): Promise<string> => {
  const pipeline = await stateOfPipeline(client, work.pipeline);
  if (pipeline === null) return `started none: there is no pipeline ${work.pipeline}`;
  const release = releaseFor(work.release, pipeline);
  if (release === null) return `started none: no release is known that ${wordsFor(work.release)}`;
  const newer = newerAhead(work, release, pipeline);
  if (newer !== undefined) return `started none: ${release.version} ${wordsFor(work.release)}, and ${newer}, which is newer, runs further on already`;
  try {
    return `${await start(client, work, release)} ships ${release.version}`;
  } catch (error) {
    return `started none: ${refusal(error)}`;
  }
};

/** The rollout. */
async function start(client: Client, { pipeline, to, rehearse, reason, by }: ScheduledWork, release: Release): Promise<string> {
  const options: ShipOptions = { lane: 'normal', rehearse, reason, ...(to !== undefined && { to }) };
  const updateId = `scheduled-${activityInfo().workflowExecution!.runId}`;
  // A schedule has no roles: what needs one is for a person to start.
  const args: [StartRequest] = [{ release, options, by, roles: [] }];
  return (await client.workflow.getHandle(pipelineWorkflowId(pipeline)).executeUpdate(startRolloutUpdate, { args, updateId })).rollout;
}

/** The release that is meant: by its version, or the newest that is verified in every place that an environment has now. */
export function releaseFor(wanted: ScheduledRelease, { releases, document }: Pick<PipelineState, 'releases' | 'document'>): Release | null {
  if ('version' in wanted) return releases.find(({ release }) => release.version === wanted.version)?.release ?? null;
  const phase = document.lifecycle.find(({ environment }) => environment === wanted.verifiedIn);
  const places = phase === undefined ? [] : placesOfWalk(document, phase).map(placeKey);
  const isVerified = ({ verified }: PipelineState['releases'][number]): boolean => places.every((place) => Object.hasOwn(verified, place));
  return places.length === 0 ? null : releases.findLast(isVerified)?.release ?? null;
}

/**
 * A newer release in an environment beyond the one that a schedule promotes from: what is left to verify there after a revocation, say,
 * must not take it back unseen. A version that is named is shipped all the same: somebody has meant it.
 */
export function newerAhead(
  { release: wanted, to }: Pick<ScheduledWork, 'release' | 'to'>, { version }: Release, { releases, board, document }: Pick<PipelineState, 'releases' | 'board' | 'document'>,
): string | undefined {
  if ('version' in wanted) return undefined;
  const environments = document.lifecycle.map(({ environment }) => environment);
  const ahead = environments.slice(environments.indexOf(wanted.verifiedIn) + 1, to === undefined ? undefined : environments.indexOf(to) + 1);
  const age = (name: string | null): number => releases.findIndex((each) => each.release.version === name);
  return board.find((cell) => ahead.includes(cell.environment) && age(cell.release) > age(version))?.release ?? undefined;
}

const wordsFor = (release: ScheduledRelease): string =>
  'version' in release ? `is called ${release.version}` : `is verified in every region of ${release.verifiedIn}`;

/** A refusal is an outcome; whatever else keeps the rollout from being started is tried again. */
function refusal(error: unknown): string {
  const { cause } = error instanceof WorkflowUpdateFailedError ? error : {};
  if (cause instanceof ApplicationFailure && isFailureCode(cause.type)) return `${cause.type}: ${cause.message}`;
  throw error;
}
