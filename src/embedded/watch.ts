import { SetupFailure } from './setup-failure.js';

/** Over the parts that must run. */
export interface Watch {
  /** Aborted, with a `SetupFailure` as its reason, as soon as one of them has ended. */
  broken: AbortSignal;
  mustRun(ended: Promise<void>, what: string): void;
}

export function watchParts(): Watch {
  const controller = new AbortController();
  const breakWith = (what: string): void => controller.abort(new SetupFailure(`${what} Start again: everything goes on where it was.`));
  return {
    broken: controller.signal,
    mustRun(ended, what) {
      ended.then(
        () => breakWith(what),
        (error: unknown) => breakWith(`${what} ${(error as Error).message}`),
      );
    },
  };
}
