import { setMaxListeners } from 'node:events';
import type { Client } from '@temporalio/client';
import { rolloutsAreSafe, translate } from './failures.js';
import { OutOfReach, type OutOfReachReason } from './out-of-reach.js';
import { countPollers } from './pollers.js';
import { takingTurns } from './turns.js';

/** Longest waits for one call, in milliseconds. */
const deadlinesMs = {
  /** Temporal answers from its own store: in milliseconds, unless something is wrong. */
  store: 2_000,
  /** A worker may have to replay a workflow first. */
  query: 5_000,
  /** A worker runs code of ours; starting a rollout starts a workflow. */
  update: 15_000,
  /** Others write to the same workflow first; a write that was in line for this long was not begun. */
  line: 14_000,
};

/** An answer of a worker takes this long at most when all is well; after it we look whether there is a worker at all. */
const patienceMs = 700;

/** Temporal has ten updates of one workflow in flight at most, and turns others away; two are left for other processes of the API. */
const updatesAtOnce = 8;

/** The ways to call Temporal: each with a deadline, and with failures that say what they mean. */
export interface Reach {
  readonly client: Client;
  readonly taskQueue: string;
  /** Of Temporal itself: describe, list. */
  store<T>(ask: () => Promise<T>): Promise<T>;
  /** Of a worker, reading. Says `NoWorker` when none answers, and early when nobody polls the task queue. */
  query<T>(ask: () => Promise<T>): Promise<T>;
  /**
   * Of a worker, writing to one workflow; where many write to it, each waits its turn. Says `NoWorker` when nobody polls the task queue,
   * otherwise `TimedOut` when none answers.
   */
  update<T>(workflowId: string, ask: () => Promise<T>): Promise<T>;
}

export function reachTemporal(client: Client, taskQueue: string): Reach {
  const { connection } = client;
  const takeTurn = takingTurns(updatesAtOnce);

  const within = async <T>(limitMs: number, ask: () => Promise<T>): Promise<T> => {
    try {
      return await connection.withDeadline(Date.now() + limitMs, ask);
    } catch (error) {
      throw translate(error);
    }
  };

  const store = <T>(ask: () => Promise<T>): Promise<T> => explained(() => within(deadlinesMs.store, ask), storeIsSilent);

  const expectPollers = async (): Promise<void> => {
    if ((await store(() => countPollers(client, taskQueue, 'workflows'))) === 0) throw new OutOfReach('NoWorker', nobodyPolls(taskQueue));
  };

  const ofWorker = async <T>(limitMs: number, ask: () => Promise<T>): Promise<T> => {
    const over = new AbortController();
    // Each attempt of the call listens: Temporal may turn away many before it has room.
    setMaxListeners(0, over.signal);
    const answer = within(limitMs, () => connection.withAbortSignal(over.signal, ask));
    const patience = afterPatience(expectPollers);
    try {
      return await Promise.race([answer, patience.failure]);
    } finally {
      patience.end();
      over.abort();
    }
  };

  return {
    client,
    taskQueue,
    store,
    query: (ask) => explained(() => ofWorker(deadlinesMs.query, ask), workersAreSilent),
    update: (workflowId, ask) =>
      takeTurn(workflowId, deadlinesMs.line, () => explained(() => ofWorker(deadlinesMs.update, ask), writeIsUncertain)),
  };
}

/** After a while runs `check`. `failure` rejects when that fails, and never settles otherwise. */
function afterPatience(check: () => Promise<void>): { failure: Promise<never>; end: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const failure = new Promise<never>((_, reject) => {
    timer = setTimeout(() => void check().catch(reject), patienceMs);
  });
  return { failure, end: () => clearTimeout(timer) };
}

/** The answer of `ask`; what keeps it from coming is said by `explain`. */
async function explained<T>(ask: () => Promise<T>, explain: (error: OutOfReach) => OutOfReach): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw error instanceof OutOfReach ? explain(error) : error;
  }
}

const nobodyPolls = (taskQueue: string): string =>
  `No worker polls the task queue ${taskQueue}, so nobody can answer. Start one; what runs in Temporal waits and goes on then.`;

/** What took too long, with the reason that it stands for; other troubles as they are. */
const whenTooLate = (reason: OutOfReachReason, message: string) => (error: OutOfReach): OutOfReach =>
  error.reason === 'TimedOut' ? new OutOfReach(reason, message, error) : error;

const storeIsSilent = whenTooLate('TemporalUnavailable', `Temporal does not answer. ${rolloutsAreSafe}`);

const workersAreSilent = whenTooLate('NoWorker', `No worker answered within ${deadlinesMs.query / 1_000} s: none is up, or all of them are busy.`);

/** Nobody knows whether a write arrived whose answer did not. */
const writeIsUncertain = ({ reason, message, cause }: OutOfReach): OutOfReach =>
  new OutOfReach(reason, `${message} The request may have been carried out or not, or may be yet: ${sendAgain}`, cause);

const sendAgain = 'send it again with the same Idempotency-Key.';
