import { describe, expect, it } from 'vitest';
import { afterRehearsal } from '../../../src/rollout/states/rehearsal.js';
import type { RegionState } from '../../../src/rollout/schema/rollout.js';
import { rolloutStatuses, type RegionStatus } from '../../../src/rollout/states/statuses.js';

const regions = (...statuses: RegionStatus[]): RegionState[] =>
  statuses.map((status, index) => ({ environment: 'production', region: `region-${index}`, wave: 1, status, release: null, previous: null, attempts: 1 }));
const after = (...others: RegionStatus[]) => afterRehearsal({ status: 'rolling-back', regions: regions('pending', ...others) }, false);

describe('a rehearsed undo that works', () => {
  it('means nothing to a rollout that was not stuck by it', () => {
    const asked = rolloutStatuses.filter((status) => afterRehearsal({ status, regions: regions('pending', 'failed') }, true) !== undefined);
    expect(asked).toEqual(['rolling-back']);
  });

  it('lets the walk go on that was stuck by it', () => {
    expect(after('live', 'soaking', 'pending', 'verifying')).toBe('rehearsed');
  });

  it('is not waited for alone while another undo is on its way or stuck', () => {
    for (const other of ['rolling-back', 'stuck'] as const) expect(after('failed', other)).toBeUndefined();
  });

  it('does not undo a pause, nor a hold that another region has caused', () => {
    for (const other of ['held', 'rolled-back', 'failed'] as const) expect(after('live', other)).toBe('region-failed');
    expect(afterRehearsal({ status: 'rolling-back', regions: regions('pending') }, true)).toBe('region-failed');
  });
});
