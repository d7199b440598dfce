import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { translate } from './failures.js';
import { OutOfReach } from './out-of-reach.js';
import { countPollers } from './pollers.js';

/** Longest waits for one call, in milliseconds. */
const deadlinesMs = {
  /** Temporal answers from its own store. */
  store: 3_000,
  /** A worker may have to replay a workflow first. */
  query: 5_000,
  /** A worker runs code of ours; starting a rollout starts a workflow. */
  update: 15_000,
};

/** An answer of a worker takes this long at most when all is well; after it we look whether there is a worker at all. */
const patienceMs = 700;

/** The ways to call Temporal: each with a deadline, and with failures that say what they mean. */
export interface Reach {
  readonly client: Client;
  readonly taskQueue: string;
  /** Of Temporal itself: describe, list. */
  store<T>(ask: () => Promise<T>): Promise<T>;
  /** Of a worker, reading. Says `NoWorker` when none answers, and early when nobody polls the task queue. */
  query<T>(ask: () => Promise<T>): Promise<T>;
  /** Of a worker, writing. Says `NoWorker` when nobody polls the task queue, otherwise `TimedOut` when none answers. */
  update<T>(ask: () => Promise<T>): Promise<T>;
}

export function reachTemporal(client: Client, taskQueue: string): Reach {
  const { connection } = client;

  const within = async <T>(limitMs: number, ask: () => Promise<T>): Promise<T> => {
    try {
      return await connection.withDeadline(Date.now() + limitMs, ask);
    } catch (error) {
      throw translate(error);
    }
  };

  const ofWorker = async <T>(limitMs: number, ask: () => Promise<T>): Promise<T> => {
    const over = new AbortController();
    const answer = within(limitMs, () => connection.withAbortSignal(over.signal, ask));
    try {
      return await Promise.race([answer, refuseIfNobodyWorks(over.signal)]);
    } finally {
      over.abort();
    }
  };

  /** Rejects when nobody polls; otherwise never settles. */
  const refuseIfNobodyWorks = (over: AbortSignal): Promise<never> =>
    new Promise((_, reject) => {
      void hasNoWorker(over).then((isSo) => isSo && reject(noWorker(taskQueue)));
    });

  const hasNoWorker = async (over: AbortSignal): Promise<boolean> => {
    try {
      await sleep(patienceMs, undefined, { signal: over });
      return (await within(deadlinesMs.store, () => countPollers(client, taskQueue, 'workflows'))) === 0;
    } catch {
      // Answered meanwhile, or Temporal does not say who polls: the call's own deadline decides.
      return false;
    }
  };

  return {
    client,
    taskQueue,
    store: (ask) => within(deadlinesMs.store, ask),
    query: (ask) => asNoWorker(() => ofWorker(deadlinesMs.query, ask)),
    update: (ask) => ofWorker(deadlinesMs.update, ask),
  };
}

/** A question changes nothing: one that nobody answered in time may simply be asked again. */
async function asNoWorker<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof OutOfReach) || error.reason !== 'TimedOut') throw error;
    throw new OutOfReach('NoWorker', `No worker answered within ${deadlinesMs.query / 1_000} s: none is up, or all of them are busy.`, error);
  }
}

const noWorker = (taskQueue: string): OutOfReach =>
  new OutOfReach('NoWorker', `No worker polls the task queue ${taskQueue}, so nobody can answer. Start one; what runs in Temporal waits and goes on then. `
    + 'A write may still be carried out: send it again with the same Idempotency-Key.');
