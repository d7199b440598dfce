import { ApplicationFailure, Context } from '@temporalio/activity';
import { ApplicationFailureCategory } from '@temporalio/common';
import type { Dependencies } from './dependencies.js';
import { lookAt } from './gates/look.js';
import type { GateAnswer, GateWork } from './work.js';

/** One look at a gate: open or not, and what was seen. Whatever a source answers or fails to answer is a closed gate, in words. */
export const lookAtGate = (dependencies: Dependencies) => (work: GateWork): Promise<GateAnswer> =>
  lookAt(dependencies, work, Context.current().cancellationSignal);

/**
 * Watches a gate until it opens. Each attempt is one look and ends by failing benignly until the next one is due, which adds no event
 * to the history. It returns only when the gate is open.
 */
export const watchGate = (dependencies: Dependencies) => async (work: GateWork): Promise<GateAnswer> => {
  const answer = await lookAt(dependencies, work, Context.current().cancellationSignal);
  if (answer.isOpen) return answer;
  throw nextLook(answer);
};

/** At most: a window that opens in an hour opens on time. */
const spreadMs = 5_000;

/** Spread by a tenth, so that many gates do not ask the same source in the same moment; later, never earlier. */
function nextLook({ saw, lookAgainMs }: GateAnswer): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'GateClosed',
    message: saw.slice(0, 1_000),
    nextRetryDelay: Math.ceil(lookAgainMs + Math.random() * Math.min(lookAgainMs / 10, spreadMs)),
    category: ApplicationFailureCategory.BENIGN,
  });
}
