import { setTimeout as sleep } from 'node:timers/promises';

export interface RetryOptions {
  /** Ends the tries with its reason. */
  signal?: AbortSignal;
  pauseMs?: number;
  /** Whether another try may help; a failure that does not pass is thrown at once. Every failure passes when absent. */
  isPassing?: (error: unknown) => boolean;
}

/** Tries again and again for `limitMs` until an attempt works; then the last failure is thrown. At least one attempt is made. */
export async function retryUntil<T>(
  limitMs: number, attempt: () => Promise<T>, { signal, pauseMs = 100, isPassing = () => true }: RetryOptions = {},
): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      signal?.throwIfAborted();
      if (!isPassing(error) || performance.now() + pauseMs > deadline) throw error;
    }
    await sleep(pauseMs, undefined, { ...(signal && { signal }) }).catch(() => signal?.throwIfAborted());
  }
}
