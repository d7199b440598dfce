import { ApplicationFailure } from '@temporalio/common';
import { WorkflowNotFoundError, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';
import { isFailureCode, MeridianFailure } from '../../rollout/failure.js';
import { grpcStatus, grpcStatusOf } from './grpc-status.js';
import { OutOfReach } from './out-of-reach.js';

/**
 * What a failed call means. A refusal keeps the code that the workflow gave it; trouble on the way is an `OutOfReach`. Whatever else
 * there is stays as it is: a mistake of ours.
 */
export function translate(error: unknown): unknown {
  if (error instanceof WorkflowUpdateFailedError) return refusal(error.cause) ?? error;
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return timedOut(error);
  switch (grpcStatusOf(error)) {
    case grpcStatus.deadlineExceeded:
    case grpcStatus.cancelled:
      return timedOut(error);
    case grpcStatus.unavailable:
      return new OutOfReach('TemporalUnavailable', `Temporal cannot be reached. ${rolloutsAreSafe}`, error);
    case grpcStatus.permissionDenied:
    case grpcStatus.unauthenticated:
      return new OutOfReach('TemporalUnavailable', 'Temporal does not let Meridian in: check its API key or certificate.', error);
    case grpcStatus.resourceExhausted:
      return new OutOfReach('Overloaded', 'Temporal takes no more requests just now.', error);
    case grpcStatus.invalidArgument:
      return isUnprepared(error) ? new OutOfReach('TemporalUnavailable', unprepared, error) : error;
    case grpcStatus.failedPrecondition:
      return new OutOfReach('NoWorker', notReady, error);
    default:
      return error;
  }
}

export const rolloutsAreSafe = 'Rollouts that run are safe: they go on where they are.';
const unprepared = 'Temporal does not know the search attributes of Meridian: register them in its namespace first.';
const notReady = 'The workflow cannot be asked: no worker has taken it up, or its last task failed. The Temporal UI shows which.';

/** Of a namespace that nobody has prepared for Meridian. */
const isUnprepared = (error: unknown): boolean =>
  error instanceof Error && /search attribute/i.test(`${error.message} ${String(error.cause)}`);

const timedOut = (error: unknown): OutOfReach => new OutOfReach('TimedOut', 'No answer came in time.', error);

function refusal(cause: unknown): MeridianFailure | undefined {
  if (!(cause instanceof ApplicationFailure) || !isFailureCode(cause.type)) return undefined;
  return new MeridianFailure(cause.type, cause.message, { cause });
}

/** The answer of `ask`, or what `otherwise` says when there is no such workflow (or, for an update, no open one). */
export async function unlessNotFound<T>(ask: () => Promise<T>, otherwise: () => Promise<T> | T): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return otherwise();
    throw error;
  }
}
