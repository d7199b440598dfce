import { describe, expect, it } from 'vitest';
import { hasRecovered } from '../../../src/rollout/states/recovery.js';
import type { RegionState } from '../../../src/rollout/schema/rollout.js';
import type { RegionStatus } from '../../../src/rollout/states/statuses.js';

const regions = (...statuses: RegionStatus[]): RegionState[] =>
  statuses.map((status, index) => ({ environment: 'production', region: `r${index}`, wave: 1, status, release: '1.1.0', previous: null, attempts: 1 }));
const held = (code: string, ...statuses: RegionStatus[]) => ({ status: 'held' as const, failure: { code, message: 'why' }, regions: regions(...statuses) });

describe('a rollout that is held', () => {
  it.each(['NoData', 'MetricSourceFailed', 'SoakInconclusive'])('goes on by itself when the soak that held it does: %s', (code) => {
    expect(hasRecovered(held(code, 'live', 'soaking'))).toBe(true);
  });

  it.each(['held', 'rolled-back', 'failed'] as const)('stays held while another region needs an answer: %s', (status) => {
    expect(hasRecovered(held('NoData', 'soaking', status))).toBe(false);
  });

  it.each(['RegionRegressed', 'GateExpired', 'ReleaseBlocked', 'ErrorBudgetSpent', 'Drift'])('stays held by anything else, whatever its soaks do: %s', (code) => {
    expect(hasRecovered(held(code, 'soaking'))).toBe(false);
  });

  it('is not one that is paused', () => {
    expect(hasRecovered({ ...held('NoData', 'soaking'), status: 'paused' })).toBe(false);
  });
});
