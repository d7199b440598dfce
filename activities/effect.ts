import { ApplicationFailure, Context } from '@temporalio/activity';
import { ApplicationFailureCategory } from '@temporalio/common';
import { MeridianFailure } from '../src/rollout/failure.js';
import type { StepAnswer } from './ports/region-target.js';

const beatMs = 3_000;

/**
 * Runs one effect as an activity: beats while it works, so that a dead worker is noticed in seconds; hands it the signal that ends it
 * when the activity is cancelled; and turns what it throws into a failure whose code survives the boundary.
 */
export async function effect<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const context = Context.current();
  const beat = setInterval(() => context.heartbeat(), beatMs);
  try {
    return await run(context.cancellationSignal);
  } catch (error) {
    // What an aborted effect throws is the abort's echo: the cancellation itself is the answer.
    context.cancellationSignal.throwIfAborted();
    throw asActivityFailure(error);
  } finally {
    clearInterval(beat);
  }
}

/** A failure with a code crosses as `ApplicationFailure.type`; anything else is a bug of ours, and is tried again. */
export function asActivityFailure(error: unknown): unknown {
  if (!(error instanceof MeridianFailure)) return error;
  return ApplicationFailure.create({ type: error.code, message: error.message, nonRetryable: !error.retryable });
}

/** Ends an attempt whose step still runs: it is asked again with the same key, which costs no history. */
export function untilDone(answer: StepAnswer): void {
  if (answer.status === 'done') return;
  throw ApplicationFailure.create({
    type: 'StepTimedOut', // what is left of it should the deadline end the asking
    message: `still running: ${answer.message}`,
    nextRetryDelay: answer.retryAfterMs,
    category: ApplicationFailureCategory.BENIGN,
  });
}
