import type { ConnectionOptions } from '@temporalio/client';
import { grpcStatus } from './grpc-status.js';

type Interceptor = NonNullable<ConnectionOptions['interceptors']>[number];
type Call = ReturnType<Interceptor>;
type Listener = NonNullable<Parameters<Call['start']>[1]>;
type Metadata = Parameters<Call['start']>[0];

/**
 * Comes last in the chain. A call that is tried again after a pause finds its channel shut down when the connection was closed
 * meanwhile; gRPC throws then, from a timer, which would end the process. Here that call fails as cancelled instead.
 */
export const failQuietlyWhenClosed: Interceptor = (options, nextCall) => {
  try {
    return nextCall(options) as Call;
  } catch (error) {
    return closedCall((error as Error).message) as unknown as Call;
  }
};

/** A call that has failed before it began: the part of gRPC's interface that a caller uses. */
const closedCall = (details: string) => ({
  start(metadata: Metadata, listener?: Partial<Listener>) {
    // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- the enum is in a package that comes only with others
    listener?.onReceiveStatus?.({ code: grpcStatus.cancelled, details, metadata });
  },
  sendMessage() {},
  sendMessageWithContext() {},
  startRead() {},
  halfClose() {},
  cancelWithStatus() {},
  getPeer: () => 'closed',
  getAuthContext: () => null,
});
