import { sharesEnvironment, type Running, type Waiting, type Walk } from './locks.js';
import type { PipelineDocument } from '../schema/pipeline.js';

type Overlap = PipelineDocument['policy']['overlap'];

/** A rollout that makes way, and the newer one that it makes way for; null when that one has left the line and nobody takes over any more. */
export interface Takeover {
  rollout: string;
  by: string | null;
}

/**
 * A newer rollout takes over from an older one of another release where the policy says so and it goes everywhere that the older one would have gone. A
 * hot-fix takes over from whatever is in its way. From a hot-fix nobody takes over: what it mends is urgent still. From a contract everybody
 * does who ships: it is never urgent, and is due again afterwards. From one that runs, those too that were asked for before it, and whose time
 * has come only now.
 */
export function takesOver(newer: Walk, older: Walk | Running, overlap: Overlap): boolean {
  if (isContract(older) && !isContract(newer) && (isRunning(older) || newer.number > older.number)) return sharesEnvironment(newer, older);
  if (isContract(newer)) return false;
  if (older.lane === 'hotfix' || newer.number <= older.number || newer.release === older.release) return false;
  if (newer.lane === 'hotfix') return sharesEnvironment(newer, older);
  return overlap === 'supersede' && older.environments.every((environment) => newer.environments.includes(environment));
}

export const isContract = ({ contract }: Pick<Walk, 'contract'>): boolean => contract !== undefined;

const isRunning = (walk: Walk | Running): boolean => 'newer' in walk;

/** Those in line who make way at once: a newer one waits there too. A hot-fix only goes before them, unless the policy says more. */
export function supersededInLine(queue: Waiting[], overlap: Overlap): Takeover[] {
  const ready = queue.filter(({ isReady }) => isReady);
  return ready.flatMap((older) => takeover(older, ready.filter((newer) => (overlap === 'supersede' || isContract(older)) && takesOver(newer, older, overlap)).at(-1)));
}

/** Those who run and make way at the edge of a wave, or need not any more, and have not been told so. */
export const supersededRunning = (running: Running[], queue: Waiting[], overlap: Overlap): Takeover[] =>
  running.flatMap((older) => {
    const by = queue.find((each) => each.isReady && takesOver(each, older, overlap))?.rollout ?? null;
    return by === older.newer ? [] : [{ rollout: older.rollout, by }];
  });

const takeover = ({ rollout }: Walk, newer: Walk | undefined): Takeover[] =>
  newer === undefined ? [] : [{ rollout, by: newer.rollout }];
