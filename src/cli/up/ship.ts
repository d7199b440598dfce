import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { retryUntil } from '../../embedded/retry-until.js';
import type { Shop } from '../../embedded/shop/shop.js';
import type { SentRelease } from '../../rollout/schema/release.js';
import type { Rollout } from '../../rollout/schema/rollout.js';
import { isTerminal } from '../../rollout/states/statuses.js';
import type { ApiClient } from '../api-client.js';
import { exitCodeOf, exitCodes, type ExitCode } from '../exit-codes.js';
import { followRollout, isPassing } from '../follow.js';
import { createDisplay, type Screen } from '../rollout-display.js';
import { nextMove } from './next-move.js';
import { isSettled } from './settled.js';

export interface Shipping {
  api: ApiClient;
  shop: Shop;
  release: SentRelease;
  /** Come back as soon as a person is needed; otherwise wait for what that person decides. */
  once: boolean;
  signal: AbortSignal;
}

const lookMs = 500;

/** How long the API may refuse to answer: the worker that answered last may have been killed, which Temporal notices after a while. */
const patienceMs = 60_000;

/**
 * Ships the release, or takes up what an earlier start has begun, and shows it to its end. Answers how it came out; undefined when it was
 * ended by the signal.
 */
export async function shipRelease(shipping: Shipping, screen: Screen): Promise<ExitCode | undefined> {
  const { api, shop, release, signal } = shipping;
  const pipeline = shop.document.name;
  // However often it is asked for, it is one rollout.
  const key = randomUUID();
  const ask = <T>(question: () => Promise<T>): Promise<T> => retryUntil(patienceMs, question, { signal, pauseMs: lookMs, isPassing });

  await ask(() => api.applyPipeline(pipeline, shop.yaml));
  while (!signal.aborted) {
    const [rollouts, boards] = await ask(() => Promise.all([api.rollouts({ pipeline, limit: 100 }), api.board(pipeline)]));
    const move = nextMove(release.version, rollouts, boards.flatMap(({ cells }) => cells));
    switch (move.kind) {
      case 'nothing':
        screen.say(`${release.version} is verified in every region already: there is nothing to ship.`);
        return exitCodes.done;
      case 'ship':
        return await outcomeOf(await ask(() => api.startRollout({ pipeline, release }, key)), shipping, screen);
      case 'follow':
        screen.say(`${move.rollout} ships ${release.version} already; it goes on where it was.`);
        return await outcomeOf(await ask(() => api.rollout(move.rollout)), shipping, screen);
      case 'wait-for': {
        const other = await ask(() => api.rollout(move.rollout));
        screen.say(`${other.id} (${other.release}) holds the environments. ${release.version} comes after it.`);
        const outcome = await outcomeOf(other, shipping, screen);
        if (outcome === undefined || outcome === exitCodes.waiting) return outcome;
      }
    }
    // The list may be a moment behind the rollout itself.
    await sleep(lookMs);
  }
  return undefined;
}

/** Shows a rollout until it is settled (`once`) or has ended. */
async function outcomeOf(first: Rollout, { api, once, signal }: Shipping, screen: Screen): Promise<ExitCode | undefined> {
  const display = createDisplay(screen);
  try {
    const last = await followRollout(api, first, {
      until: (rollout) => signal.aborted || (once ? isSettled(rollout) : isTerminal(rollout.status)),
      onAnswer: display.show,
      intervalMs: lookMs,
      patienceMs,
    });
    return signal.aborted ? undefined : exitCodeOf(last);
  } finally {
    display.end();
  }
}
