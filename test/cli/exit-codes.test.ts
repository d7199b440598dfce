import { expect, it } from 'vitest';
import { exitCodeOf, exitCodes } from '../../src/cli/exit-codes.js';
import { isTerminal, rolloutStatuses } from '../../src/rollout/statuses.js';

it('gives every status its exit code, and none to those that go on by themselves', () => {
  expect(Object.fromEntries(rolloutStatuses.map((status) => [status, exitCodeOf(status)]))).toEqual({
    scheduled: undefined, queued: undefined, running: undefined, 'rolling-back': undefined,
    succeeded: 0,
    'rolled-back': 2,
    waiting: 3, paused: 3, held: 3, stuck: 3,
    aborted: 4, failed: 4, superseded: 4,
  });
});

it('never waits for a rollout that has ended', () => {
  expect(rolloutStatuses.filter(isTerminal).map(exitCodeOf)).not.toContain(undefined);
});

it('means one thing by each code', () => {
  expect(new Set(Object.values(exitCodes)).size).toBe(Object.keys(exitCodes).length);
});
