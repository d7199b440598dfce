import type { Database } from '../../rollout/schema/database.js';
import { endConnection, openConnection } from './connection.js';
import { failureOf } from './failures.js';
import { askLag } from './lag.js';
import { scrubber } from './scrub.js';
import { opensOnce } from './session.js';

/** Asks how far replicas are behind, over a connection that is kept between questions and opened anew after a failure. */
export function lagQuestion(settings: Database): { ask(signal: AbortSignal): Promise<number>; close(): Promise<void> } {
  const scrub = scrubber(settings.url);
  // Kept beyond one question: a question that is cancelled while it opens ends with it, and the next one opens it anew.
  const connection = opensOnce(() => openConnection(settings.url, new AbortController().signal));
  return {
    async ask(signal) {
      signal.throwIfAborted();
      try {
        return await answer(signal);
      } catch (error) {
        await connection.close();
        signal.throwIfAborted();
        throw failureOf(error, scrub);
      }
    },
    close: connection.close,
  };

  async function answer(signal: AbortSignal): Promise<number> {
    const open = await connection.get();
    const abort = (): void => void endConnection(settings.url, open);
    signal.addEventListener('abort', abort);
    try {
      await open.client.query(`set statement_timeout = ${patienceMs}`);
      return await askLag(open.client, settings);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }
}

/** For one question: a lag that takes longer than this to tell is not known. */
const patienceMs = 10_000;
