import { ActivityFailure, ApplicationFailure, ChildWorkflowFailure, isCancellation, TemporalFailure, TimeoutFailure } from '@temporalio/workflow';
import { isFailureCode, MeridianFailure } from '../src/rollout/failure.js';
import type { Failure } from '../src/rollout/schema/rollout.js';

/** A rule's refusal as Temporal carries it: the code survives as the type. */
const asApplicationFailure = (failure: MeridianFailure): ApplicationFailure =>
  ApplicationFailure.create({ type: failure.code, message: failure.message, nonRetryable: true });

/** Runs a rule for an update's validator or handler: its refusal reaches the client with code and message. */
export function asUpdateAnswer<T>(rule: () => T): T {
  try {
    return rule();
  } catch (error) {
    throw error instanceof MeridianFailure ? asApplicationFailure(error) : error;
  }
}

/** What went wrong, as people read it. `step` names what was being done when it timed out. */
export function failureOf(error: unknown, step: string): Failure {
  const root = rootCause(error);
  if (root instanceof MeridianFailure) return { code: root.code, message: root.message };
  if (root instanceof ApplicationFailure) return { code: isFailureCode(root.type) ? root.type : 'Internal', message: root.message };
  if (root instanceof TimeoutFailure) return { code: 'StepTimedOut', message: `${step} did not end in time.` };
  return { code: 'Internal', message: `${step} failed: ${root instanceof Error ? root.message : String(root)}` };
}

/** The innermost failure; for a step that ran out of time, the last thing that it answered before, when that is known. */
function rootCause(error: unknown): unknown {
  const wraps = error instanceof ActivityFailure || error instanceof ChildWorkflowFailure || error instanceof TimeoutFailure;
  return wraps && error.cause !== undefined ? rootCause(error.cause) : error;
}

/**
 * Errors that belong to the story: a failed step, a stopped walk. Anything else is a bug of ours and must fail the workflow task,
 * so that a mended worker goes on from there.
 */
export const isExpected = (error: unknown): boolean => error instanceof MeridianFailure || error instanceof TemporalFailure || isCancellation(error);
