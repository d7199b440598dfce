import { describe, expect, it } from 'vitest';
import { exitCodeOf, exitCodes } from '../../src/cli/exit-codes.js';
import type { WaitingFor } from '../../src/rollout/schema/rollout.js';
import { isTerminal, rolloutStatuses, type RolloutStatus } from '../../src/rollout/states/statuses.js';

const wait = (type: WaitingFor['type'], until?: string): WaitingFor =>
  ({ gate: 'g', type, environment: 'production', since: '2026-01-01T10:00:00.000Z', needs: 'something', ...(until !== undefined && { until }) });

const codeOf = (status: RolloutStatus, ...waitingFor: WaitingFor[]) => exitCodeOf({ status, regions: [], waitingFor });

it('gives every status its exit code, and none to those that go on by themselves', () => {
  expect(Object.fromEntries(rolloutStatuses.map((status) => [status, codeOf(status, wait('approval'))]))).toEqual({
    scheduled: undefined, queued: undefined, running: undefined, 'rolling-back': undefined,
    succeeded: 0,
    'rolled-back': 2,
    waiting: 3, paused: 3, held: 3, stuck: 3,
    aborted: 4, failed: 4, superseded: 4,
  });
});

it('never waits for a rollout that has ended', () => {
  expect(rolloutStatuses.filter(isTerminal).map((status) => codeOf(status))).not.toContain(undefined);
});

it('means one thing by each code', () => {
  expect(new Set(Object.values(exitCodes)).size).toBe(Object.keys(exitCodes).length);
});

describe('a rollout that waits', () => {
  const later = '2026-01-02T10:00:00.000Z';

  it.each(['window', 'metric', 'alerts', 'dependency', 'webhook'] as const)('goes on by itself when a %s opens', (type) => {
    expect(codeOf('waiting', wait(type, later))).toBeUndefined();
  });

  it('needs a person for an approval, also beside a gate that opens by itself', () => {
    expect(codeOf('waiting', wait('window', later), wait('approval', later))).toBe(3);
  });

  it('needs a person for a freeze without an end and for a drained region', () => {
    expect(codeOf('waiting', wait('freeze'))).toBe(3);
    expect(codeOf('waiting', wait('drained'))).toBe(3);
    expect(codeOf('waiting', wait('freeze', later))).toBeUndefined();
  });
});
