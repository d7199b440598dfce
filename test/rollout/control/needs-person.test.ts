import { expect, it } from 'vitest';
import { needsPerson } from '../../../src/rollout/control/needs-person.js';
import { WaitingFor, type RegionState } from '../../../src/rollout/schema/rollout.js';
import { rolloutStatuses, type RegionStatus } from '../../../src/rollout/states/statuses.js';

const regions = (...statuses: RegionStatus[]): RegionState[] =>
  statuses.map((status) => ({ environment: 'production', region: 'sydney', wave: 1, status, release: null, previous: null, attempts: 1 }));
const since = '2026-11-21T10:00:00.000Z';
const waitingFor = (type: WaitingFor['type'], changes: Partial<WaitingFor> = {}): WaitingFor => ({ gate: 'gate', type, environment: 'production', since, needs: 'something', ...changes });
const approval = waitingFor('approval', { until: since });

it('a rollout needs a person while it waits for one, is paused, held or stuck, and in no other status', () => {
  expect(rolloutStatuses.filter((status) => needsPerson({ status, regions: regions('live', 'soaking'), waitingFor: [approval] })))
    .toEqual(['waiting', 'paused', 'held', 'stuck']);
});

it('a rollout goes on by itself as long as one of its regions goes back', () => {
  for (const status of rolloutStatuses) expect(needsPerson({ status, regions: regions('live', 'rolling-back'), waitingFor: [approval] })).toBe(false);
});

it('a rollout that waits needs a person for what opens by no clock and no other system', () => {
  const needed = (...waits: WaitingFor[]): boolean => needsPerson({ status: 'waiting', regions: [], waitingFor: waits });
  expect(WaitingFor.shape.type.options.filter((type) => needed(waitingFor(type)))).toEqual(['approval', 'freeze', 'drained']);
  expect(WaitingFor.shape.type.options.filter((type) => needed(waitingFor(type, { until: since })))).toEqual(['approval', 'drained']);
  expect(needed(waitingFor('window'), waitingFor('metric'), approval)).toBe(true);
});
