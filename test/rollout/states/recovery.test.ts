import { describe, expect, it } from 'vitest';
import { comesFirst, hasRecovered, holdsMore, nextHolding } from '../../../src/rollout/states/recovery.js';
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

describe('what holds a rollout that is held already', () => {
  const of = (code: string, message = 'why') => ({ code, message });

  it('is what will not go on by itself, then what asks a person, then what waits for data', () => {
    expect(comesFirst(of('RegionRegressed'), of('SoakInconclusive'))).toBe(true);
    expect(comesFirst(of('SoakInconclusive'), of('NoData'))).toBe(true);
    expect(comesFirst(of('SoakInconclusive'), of('RegionRegressed'))).toBe(false);
    expect(comesFirst(of('SoakInconclusive'), of('ErrorBudgetSpent'))).toBe(false);
    expect(comesFirst(of('NoData'), of('SoakInconclusive'))).toBe(false);
  });

  it('is news when it asks a person, or has only waited for data so far', () => {
    expect(holdsMore(of('SoakInconclusive'), of('RegionRegressed'))).toBe(true);
    expect(holdsMore(of('RegionRegressed'), of('NoData'))).toBe(true);
    expect(holdsMore(of('RegionRegressed'), of('RegionRegressed'))).toBe(false);
    expect(holdsMore(of('NoData'), of('MetricSourceFailed'))).toBe(false);
  });

  it('is the next region that holds it when the first goes on, one that asks before one that waits', () => {
    const heldBy = (...failures: (string | undefined)[]) => ({
      ...held('NoData'), failure: of('NoData', 'sydney'),
      regions: failures.map((message, index) => ({ ...regions(message === undefined ? 'soaking' : 'held')[0]!, region: `r${index}`, ...(message !== undefined && { failure: of(message === 'asks' ? 'SoakInconclusive' : 'NoData', message) }) })),
    });
    expect(nextHolding(heldBy('sydney', 'asks'))).toBeUndefined();
    expect(nextHolding(heldBy(undefined, 'oslo', 'asks'))).toMatchObject({ region: 'r2' });
    expect(nextHolding(heldBy(undefined, 'oslo'))).toMatchObject({ region: 'r1' });
    expect(nextHolding(heldBy(undefined))).toBeUndefined();
    expect(nextHolding({ ...heldBy(undefined, 'oslo'), failure: of('RegionRegressed') })).toBeUndefined();
  });
});
