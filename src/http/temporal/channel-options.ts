import { defaultGrpcRetryOptions, isRetryableError, makeGrpcRetryInterceptor } from '@temporalio/client';
import { failQuietlyWhenClosed } from './closed-channel.js';
import { grpcStatus } from './grpc-status.js';

/** Tries of a call while Temporal cannot be reached: a person waits for the answer, and 503 says when to ask again. */
const triesWhileUnavailable = 3;
/** Tries of a call that Temporal has no room for: many may start rollouts at once, and each waits for less than a second. */
const triesWhileCrowded = 10;

const { delayFunction } = defaultGrpcRetryOptions({ initialIntervalMs: () => 100 });

const triesFor = ({ code }: { code: number }): number => (code === grpcStatus.resourceExhausted ? triesWhileCrowded : triesWhileUnavailable);

/** How the API's connection to Temporal behaves when calls fail; its callers wait, so it gives up sooner than a worker does. */
export const channelOptions = {
  interceptors: [
    makeGrpcRetryInterceptor({
      delayFunction,
      retryableDecider: (attempt, status) => isRetryableError(status) && attempt < triesFor(status),
    }),
    failQuietlyWhenClosed,
  ],
  // gRPC's own pauses grow to two minutes: long after Temporal is back.
  channelArgs: { 'grpc.initial_reconnect_backoff_ms': 200, 'grpc.max_reconnect_backoff_ms': 2_000 },
};
