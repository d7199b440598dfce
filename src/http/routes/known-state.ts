import { MeridianFailure } from '../../rollout/failure.js';
import { asProblem, HttpProblem } from '../problems.js';
import { OutOfReach } from '../temporal/out-of-reach.js';
import type { RolloutMemo, Workflows } from '../temporal/workflows.js';

/**
 * Runs `ask`. Where it is refused for the state of the rollout, or nobody can answer, the problem carries what Temporal itself knows of
 * the rollout: its status and why.
 */
export async function withKnownState<T>(workflows: Workflows, id: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!isAboutState(error)) throw error;
    const { code, message, extras } = asProblem(error);
    throw new HttpProblem(code, message, { ...extras, rollout: await knownState(workflows, id) });
  }
}

/** Where Temporal itself is silent there is nothing more to learn. */
const isAboutState = (error: unknown): boolean =>
  error instanceof OutOfReach ? error.reason !== 'TemporalUnavailable' : error instanceof MeridianFailure && error.code === 'DecisionRefused';

async function knownState(workflows: Workflows, id: string): Promise<Pick<RolloutMemo['rollout'], 'id' | 'status' | 'why'> | undefined> {
  try {
    const { status, why } = await workflows.rolloutMemo(id);
    return { id, status, why };
  } catch (error) {
    // The first problem is the one to tell; this was only to say more about it.
    if (error instanceof OutOfReach || error instanceof MeridianFailure) return undefined;
    throw error;
  }
}
