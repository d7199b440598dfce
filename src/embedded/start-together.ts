/**
 * Starts several parts at once. When one fails the others are told to give up, and are waited for, so that nothing is started behind the back of
 * whoever stops what runs; then the first failure is thrown.
 */
export async function startTogether<T extends unknown[]>(
  signal: AbortSignal, starts: [...{ [K in keyof T]: (signal: AbortSignal) => Promise<T[K]> }],
): Promise<T> {
  const failed = new AbortController();
  const together = AbortSignal.any([signal, failed.signal]);
  const started = starts.map(async (start) => {
    try {
      return await start(together);
    } catch (error) {
      failed.abort(error); // Only the first counts.
      throw error;
    }
  });
  await Promise.allSettled(started);
  failed.signal.throwIfAborted();
  return await Promise.all(started) as T;
}
