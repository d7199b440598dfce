export type OutOfReachReason = 'TemporalUnavailable' | 'NoWorker' | 'TimedOut' | 'Overloaded';

/** Nobody could answer: the request was neither carried out nor refused, or it is not known whether it was. */
export class OutOfReach extends Error {
  override readonly name = 'OutOfReach';
  readonly reason: OutOfReachReason;

  constructor(reason: OutOfReachReason, message: string, cause?: unknown) {
    super(message, { cause });
    this.reason = reason;
  }
}
