import picocolors from 'picocolors';
import { describe, expect, it } from 'vitest';
import type { ApiClient } from '../../../src/cli/api-client.js';
import { ApiProblem } from '../../../src/cli/api-errors.js';
import { shipRelease } from '../../../src/cli/up/ship.js';
import { readShop } from '../../../src/embedded/shop/shop.js';
import type { Rollout } from '../../../src/rollout/schema/rollout.js';
import { held, succeeded } from '../sample-rollouts.js';

const noWorker = new ApiProblem(503, { title: 'No worker answers', errors: [] });

/** An API whose rollouts answer what the script says, one after the other, and the last of it for ever. */
async function ship(script: { listed?: Rollout[][]; shown?: Rollout; started?: (Rollout | Error)[]; signal?: AbortSignal }) {
  const said: string[] = [];
  const keys: (string | undefined)[] = [];
  const next = <T>(answers: T[]): T => (answers.length > 1 ? answers.shift()! : answers[0]!);
  const listed = script.listed ?? [[]];
  const started = script.started ?? [succeeded];
  const api: Pick<ApiClient, 'applyPipeline' | 'rollouts' | 'board' | 'startRollout' | 'rollout'> = {
    applyPipeline: (name) => Promise.resolve({ name, revision: 1, changed: true, warnings: [] }),
    rollouts: () => Promise.resolve(next(listed)),
    board: () => Promise.resolve([]),
    startRollout: async (_request, key) => {
      keys.push(key);
      const answer = next(started);
      if (answer instanceof Error) throw answer;
      return answer;
    },
    rollout: () => Promise.resolve(script.shown ?? succeeded),
  };
  const outcome = await shipRelease(
    { api: api as ApiClient, shop: await readShop(4100), release: { version: '1.1.0' }, once: true, signal: script.signal ?? new AbortController().signal },
    { isLive: false, stdout: process.stdout, colours: picocolors.createColors(false), width: 80, timezone: 'UTC', program: 'meridian', say: (text) => void said.push(text) },
  );
  return { outcome, said, keys };
}

describe('a start that ships', () => {
  it('answers how the rollout came out', async () => {
    expect((await ship({})).outcome).toBe(0);
    expect((await ship({ started: [held] })).outcome).toBe(3);
  });

  it('asks again under the same key when no worker answered, because the request may have been carried out', async () => {
    const { outcome, keys } = await ship({ started: [noWorker, noWorker, succeeded] });
    expect(outcome).toBe(0);
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
  });

  it('gives up at once when the request is refused', async () => {
    const refusal = new ApiProblem(422, { title: 'The release has changed', errors: [] });
    await expect(ship({ started: [refusal] })).rejects.toBe(refusal);
  });

  it('ships after another rollout that has just ended', async () => {
    const other: Rollout = { ...held, release: '1.2.0', id: 'shop-2' };
    const { outcome, said, keys } = await ship({ listed: [[other], []], shown: { ...other, status: 'rolled-back' } });
    expect(said[0]).toBe('shop-2 (1.2.0) holds the environments. 1.1.0 comes after it.');
    expect(keys).toHaveLength(1);
    expect(outcome).toBe(0);
  });

  it('ships nothing while another rollout waits for a person, and says so by its exit code', async () => {
    const other: Rollout = { ...held, release: '1.2.0', id: 'shop-2' };
    const { outcome, keys } = await ship({ listed: [[other]], shown: other });
    expect(outcome).toBe(3);
    expect(keys).toEqual([]);
  });

  it('starts nothing when it was ended before', async () => {
    const { outcome, keys } = await ship({ signal: AbortSignal.abort() });
    expect(outcome).toBeUndefined();
    expect(keys).toEqual([]);
  });
});
