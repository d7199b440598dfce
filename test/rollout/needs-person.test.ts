import { expect, it } from 'vitest';
import { needsPerson } from '../../src/rollout/needs-person.js';
import type { RegionState } from '../../src/rollout/schema/rollout.js';
import { rolloutStatuses, type RegionStatus } from '../../src/rollout/statuses.js';

const regions = (...statuses: RegionStatus[]): RegionState[] =>
  statuses.map((status) => ({ environment: 'production', region: 'sydney', wave: 1, status, release: null, previous: null, attempts: 1 }));

it('a rollout needs a person while it waits, is paused, held or stuck, and in no other status', () => {
  expect(rolloutStatuses.filter((status) => needsPerson({ status, regions: regions('live', 'soaking') }))).toEqual(['waiting', 'paused', 'held', 'stuck']);
});

it('a rollout goes on by itself as long as one of its regions goes back', () => {
  for (const status of rolloutStatuses) expect(needsPerson({ status, regions: regions('live', 'rolling-back') })).toBe(false);
});
