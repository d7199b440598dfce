import { setTimeout as sleep } from 'node:timers/promises';

/** Tries again and again for `limitMs` until an attempt works; then the last failure is thrown. At least one attempt is made. */
export async function retryUntil<T>(
  limitMs: number, attempt: () => Promise<T>, { signal, pauseMs = 100 }: { signal?: AbortSignal; pauseMs?: number } = {},
): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      signal?.throwIfAborted();
      if (performance.now() + pauseMs > deadline) throw error;
    }
    await sleep(pauseMs, undefined, { ...(signal && { signal }) });
  }
}
