import { MeridianFailure } from '../../rollout/failure.js';
import { regionWorkflowId, rolloutWorkflowId } from '../../rollout/ids.js';
import { listNames } from '../../rollout/list-names.js';
import { placeKey, type Place } from '../../rollout/places.js';
import { unlessNotFound } from './failures.js';
import type { Reach } from './reach.js';
import { heartbeatIn } from './regions.js';
import { attemptOf, lastSoakIn } from './soak-history.js';
import { listExecutions, quoted } from './visibility.js';
import type { SoakCalls } from './workflows.js';

/** Attempts and places that a page of Temporal's visibility has room for. */
const paging = { limit: 100 };

export function soakCalls(reach: Reach): SoakCalls {
  return {
    async soakSamples(rollout, place, attempt) {
      const id = regionWorkflowId(rollout, place);
      const attempts: number[] = [];
      for await (const { runId, watch } of runsOf(reach, id)) {
        const history = await reach.store(() => reach.client.workflow.getHandle(id, runId).fetchHistory());
        const number = attemptOf(history);
        if (number !== undefined) attempts.unshift(number);
        const samples = attempt === undefined || attempt === number ? lastSoakIn(history, watch) : undefined;
        if (samples !== undefined) return samples;
      }
      throw await notFound(reach, rollout, { place, attempt, attempts });
    },
  };
}

interface Run {
  runId: string;
  /** What the watch has not told yet. */
  watch?: ReturnType<typeof heartbeatIn>;
}

/**
 * The workflows of a region, newest first: one for each attempt. The newest is asked of Temporal itself; visibility is a moment behind. It is
 * described before anybody reads its history: what the watch tells in between is then in both, never in neither.
 */
async function* runsOf(reach: Reach, id: string): AsyncGenerator<Run> {
  const newest = await unlessNotFound(() => reach.store(() => reach.client.workflow.getHandle(id).describe()), () => undefined);
  if (newest === undefined) return;
  yield { runId: newest.runId, watch: heartbeatIn(newest) };
  const { items } = await listExecutions(reach, `WorkflowType='region' AND WorkflowId=${quoted(id)}`, paging);
  const others = items.map(({ execution, startTime }) => ({ runId: execution?.runId ?? '', at: Number(startTime?.seconds ?? 0) }));
  for (const { runId } of others.toSorted((one, other) => other.at - one.at)) if (runId !== newest.runId) yield { runId };
}

/** Says what there is instead. */
async function notFound(reach: Reach, rollout: string, { place, attempt, attempts }: { place: Place; attempt: number | undefined; attempts: number[] }): Promise<MeridianFailure> {
  const name = placeKey(place);
  if (attempts.length === 0) return new MeridianFailure('SoakNotFound', `${rollout} has not come to ${name}${await placesOf(reach, rollout)}.`);
  if (attempt === undefined || attempts.includes(attempt)) {
    return new MeridianFailure('SoakNotFound', `${name} has not soaked in ${attempt === undefined ? rollout : `attempt ${attempt} of ${rollout}`}: it was undone before, or has not got there yet.`);
  }
  return new MeridianFailure('SoakNotFound', `${rollout} has made no attempt ${attempt} at ${name}; there ${attempts.length === 1 ? 'is' : 'are'} ${listNames(attempts.map(String))}.`);
}

/** Where the rollout has been. Throws `RolloutNotFound`. */
async function placesOf(reach: Reach, rollout: string): Promise<string> {
  const id = rolloutWorkflowId(rollout);
  await unlessNotFound(() => reach.store(() => reach.client.workflow.getHandle(id).describe()), () => {
    throw new MeridianFailure('RolloutNotFound', `There is no rollout ${rollout}.`);
  });
  const { items } = await listExecutions(reach, `WorkflowType='region' AND WorkflowId STARTS_WITH ${quoted(`${id}/`)}`, paging);
  const places = [...new Set(items.map(({ execution }) => (execution?.workflowId ?? '').slice(id.length + 1)))].toSorted();
  return places.length === 0 ? ', nor anywhere else yet' : `; it has been in ${listNames(places)}`;
}
