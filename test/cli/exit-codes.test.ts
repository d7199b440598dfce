import { describe, expect, it } from 'vitest';
import { exitCodeOf, exitCodes } from '../../src/cli/exit-codes.js';
import type { WaitingFor } from '../../src/rollout/schema/rollout.js';
import { isTerminal, rolloutStatuses, type RolloutStatus } from '../../src/rollout/statuses.js';

const codeOf = (status: RolloutStatus) => exitCodeOf({ status, waitingFor: [] });

it('gives every status its exit code, and none to those that go on by themselves', () => {
  expect(Object.fromEntries(rolloutStatuses.map((status) => [status, codeOf(status)]))).toEqual({
    scheduled: undefined, queued: undefined, running: undefined, 'rolling-back': undefined,
    succeeded: 0,
    'rolled-back': 2,
    waiting: 3, paused: 3, held: 3, stuck: 3,
    aborted: 4, failed: 4, superseded: 4,
  });
});

it('never waits for a rollout that has ended', () => {
  expect(rolloutStatuses.filter(isTerminal).map(codeOf)).not.toContain(undefined);
});

it('means one thing by each code', () => {
  expect(new Set(Object.values(exitCodes)).size).toBe(Object.keys(exitCodes).length);
});

describe('a rollout that waits', () => {
  const wait = (type: WaitingFor['type'], until?: string): WaitingFor =>
    ({ gate: 'g', type, environment: 'production', since: '2026-01-01T10:00:00.000Z', needs: 'something', ...(until !== undefined && { until }) });
  const later = '2026-01-02T10:00:00.000Z';

  it.each(['window', 'metric', 'alerts', 'dependency', 'webhook'] as const)('goes on by itself when a %s opens', (type) => {
    expect(exitCodeOf({ status: 'waiting', waitingFor: [wait(type, later)] })).toBeUndefined();
  });

  it('needs a person for an approval, also beside a gate that opens by itself', () => {
    expect(exitCodeOf({ status: 'waiting', waitingFor: [wait('window', later), wait('approval', later)] })).toBe(3);
  });

  it('needs a person for a freeze without an end and for a drained region', () => {
    expect(exitCodeOf({ status: 'waiting', waitingFor: [wait('freeze')] })).toBe(3);
    expect(exitCodeOf({ status: 'waiting', waitingFor: [wait('drained')] })).toBe(3);
    expect(exitCodeOf({ status: 'waiting', waitingFor: [wait('freeze', later)] })).toBeUndefined();
  });
});
