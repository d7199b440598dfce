import { setTimeout as sleep } from 'node:timers/promises';
import type { Rollout } from '../rollout/schema/rollout.js';
import type { ApiClient } from './api-client.js';
import { ApiProblem, ApiUnreachable } from './api-errors.js';

export interface FollowOptions {
  /** Asked of every answer; the first for which it is true is the last one. */
  until: (rollout: Rollout) => boolean;
  onAnswer: (rollout: Rollout) => void;
  /** Milliseconds since the epoch; after it the last answer is given as it is. */
  deadline?: number | undefined;
  intervalMs?: number;
  /** How long the API may be silent: it is being restarted, or a worker is. */
  patienceMs?: number;
}

/** Asks for a rollout again and again, until it is where the caller waits for it or the deadline is over. */
export async function followRollout(api: Pick<ApiClient, 'rollout'>, first: Rollout, options: FollowOptions): Promise<Rollout> {
  const { until, onAnswer, deadline = Infinity, intervalMs = 500, patienceMs = 30_000 } = options;
  let latest = first;
  let answeredAt = Date.now();
  onAnswer(latest);
  while (!until(latest) && Date.now() < deadline) {
    await sleep(Math.min(intervalMs, deadline - Date.now()));
    try {
      latest = await api.rollout(first.id);
    } catch (error) {
      if (!isPassing(error) || Date.now() - answeredAt > patienceMs) throw error;
      continue;
    }
    answeredAt = Date.now();
    onAnswer(latest);
  }
  return latest;
}

/** Nobody listens there now, or it says itself that it, or the worker behind it, may answer when it is asked again. */
export const isPassing = (error: unknown): boolean =>
  error instanceof ApiUnreachable || (error instanceof ApiProblem && (error.status === 503 || error.status === 504));
