import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks again and again until the answer is neither undefined nor false, and gives it. Throws with `what` and the last failure when
 * the time is over: a limit against hanging, not a claim about speed.
 */
export async function waitFor<T>(what: string, ask: () => Promise<T | undefined | false> | T | undefined | false, limitMs = 30_000): Promise<T> {
  const deadline = Date.now() + limitMs;
  let failure: unknown;
  while (Date.now() < deadline) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      failure = undefined;
    } catch (error) {
      failure = error;
    }
    await sleep(50);
  }
  throw new Error(`waited ${limitMs} ms in vain: ${what}`, { cause: failure });
}
