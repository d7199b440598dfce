import { z } from 'zod';

const requestTimeoutMs = 2_000;

/** What a process says about itself; `release` only when it does. */
const SelfDescription = z.object({ release: z.string() });

/** The answer to one health request. `release` is null when the process does not name one. */
export type Health = { healthy: true; release: string | null } | { healthy: false; answer: string };

/** Asks a process of this machine once. Never throws for what it answers; rejects only when `signal` aborts. */
export async function askHealth(port: number, path: string, signal: AbortSignal): Promise<Health> {
  const url = `http://127.0.0.1:${port}${path}`;
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.any([signal, AbortSignal.timeout(requestTimeoutMs)]) });
    const body = await response.text();
    return response.status === 200 ? { healthy: true, release: releaseIn(body) } : { healthy: false, answer: `${url} answers ${response.status}` };
  } catch (error) {
    signal.throwIfAborted();
    return { healthy: false, answer: `${url} does not answer (${reasonOf(error as Error)})` };
  }
}

function releaseIn(body: string): string | null {
  try {
    return SelfDescription.safeParse(JSON.parse(body)).data?.release ?? null;
  } catch {
    return null; // A health answer need not be JSON: `ok` is one, too.
  }
}

/** fetch says only "fetch failed"; the reason is behind it. */
const reasonOf = ({ cause, message }: Error): string => (cause instanceof Error ? cause.message : message);
