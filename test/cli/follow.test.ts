import { expect, it } from 'vitest';
import { ApiProblem, ApiUnreachable } from '../../src/cli/api-errors.js';
import { followRollout, type FollowOptions } from '../../src/cli/follow.js';
import type { Rollout } from '../../src/rollout/schema/rollout.js';
import { held, running, succeeded } from './sample-rollouts.js';

const refused = new ApiUnreachable('http://127.0.0.1:3000', 'connection refused', { isRefused: true, cause: undefined });
const noWorker = new ApiProblem(503, { title: 'No worker answers', errors: [] });
const gone = new ApiProblem(404, { title: 'There is no such rollout', errors: [] });

/** Answers what the script says, one after the other, and the last of it for ever. */
function follow(script: (Rollout | Error)[], options: Partial<FollowOptions> = {}) {
  const seen: string[] = [];
  const rest = [...script];
  const api = {
    rollout(): Promise<Rollout> {
      const next = rest.length > 1 ? rest.shift()! : rest[0]!;
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
    },
  };
  const end = followRollout(api, running, {
    until: ({ status }) => status !== 'running', onAnswer: ({ status }) => void seen.push(status), intervalMs: 1, ...options,
  });
  return { end, seen };
}

it('ends with the first answer that it was told to wait for, and shows each one', async () => {
  const { end, seen } = follow([running, running, held, succeeded]);
  expect(await end).toBe(held);
  expect(seen).toEqual(['running', 'running', 'running', 'held']);
});

it('bridges a restart of the API, and the time without a worker', async () => {
  const { end } = follow([refused, noWorker, refused, succeeded]);
  expect(await end).toBe(succeeded);
});

it('gives up when the API stays silent', async () => {
  await expect(follow([refused], { patienceMs: 20 }).end).rejects.toBe(refused);
});

it('does not bridge what will not pass', async () => {
  await expect(follow([gone, succeeded]).end).rejects.toBe(gone);
});

it('gives the last answer when the time is over', async () => {
  const { end } = follow([running], { deadline: Date.now() + 30 });
  expect(await end).toBe(running);
});
