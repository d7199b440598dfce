import { describe, expect, it } from 'vitest';
import { moveRegion, regionTable, type RegionEvent } from '../../src/rollout/region-states.js';
import { isInFlight, regionStatuses, type RegionStatus } from '../../src/rollout/statuses.js';

/** Steps that no region takes yet. */
const unused: RegionStatus[] = ['expanding', 'draining', 'shifting', 'contracting'];
const ends: RegionStatus[] = ['live', 'rolled-back', 'failed', 'skipped'];
const untouched: RegionStatus[] = ['pending', 'gated'];
const touched = regionStatuses.filter((status) => ![...unused, ...ends, ...untouched].includes(status));

const movesFrom = (status: RegionStatus): [RegionEvent, RegionStatus][] => Object.entries(regionTable[status]) as [RegionEvent, RegionStatus][];
const waysTo = (status: RegionStatus): string[] =>
  regionStatuses.flatMap((from) => movesFrom(from).filter(([, to]) => to === status).map(([event]) => `${from} by ${event}`));

function reachable(start: RegionStatus, allows: (event: RegionEvent) => boolean = () => true): RegionStatus[] {
  const seen = new Set([start]);
  for (const status of seen) movesFrom(status).filter(([event]) => allows(event)).forEach(([, to]) => seen.add(to));
  return [...seen];
}

describe('the way of a region', () => {
  it('reaches every status that is used, and no other', () => {
    expect(reachable('pending').toSorted()).toEqual(regionStatuses.filter((status) => !unused.includes(status)).toSorted());
  });

  it('goes from gate to deploy, verify and soak', () => {
    const story: RegionEvent[] = ['gate-closed', 'gates-open', 'gate-closed', 'gates-open', 'deploy', 'verify', 'soak', 'hold', 'soak', 'soaked'];
    expect(story.reduce(moveRegion, 'pending')).toBe('live');
  });

  it('is live only after a whole soak', () => {
    expect(waysTo('live')).toEqual(['soaking by soaked']);
  });

  it('ends in live, rolled-back, failed or skipped, and can get to one of them from everywhere', () => {
    for (const status of reachable('pending')) expect(reachable(status).some((each) => ends.includes(each))).toBe(true);
    for (const status of reachable('pending').filter((each) => !ends.includes(each))) expect(movesFrom(status)).not.toEqual([]);
  });

  it.each(['rolled-back', 'failed', 'skipped'] as const)('is over once it is %s', (status) => {
    expect(movesFrom(status)).toEqual([]);
  });
});

describe('a region that was not changed', () => {
  it.each(['pending', 'gated'] as const)('is skipped when the walk stops, and failed when it cannot begin: %s', (status) => {
    expect(moveRegion(status, 'leave')).toBe('skipped');
    expect(moveRegion(status, 'fail')).toBe('failed');
  });

  it('has nothing to undo', () => {
    for (const status of untouched) expect(() => moveRegion(status, 'undo')).toThrow(RangeError);
  });
});

describe('a region that was changed', () => {
  it('can be undone at any moment, live or not', () => {
    for (const status of ['deploying', 'verifying', 'soaking', 'held', 'live'] as const) expect(moveRegion(status, 'undo')).toBe('rolling-back');
  });

  it('never ends as if it had not been touched, unless a person takes its undo over', () => {
    for (const status of touched) {
      const withoutPerson = reachable(status, (event) => event !== 'skip');
      expect(withoutPerson).not.toContain('skipped');
      expect(withoutPerson).not.toContain('failed');
    }
    expect(waysTo('failed')).toEqual(['pending by fail', 'gated by fail', 'stuck by skip']);
  });

  it('goes back to its end: an undo that does not work is stuck until a person answers, and never forgotten', () => {
    expect(movesFrom('rolling-back')).toEqual([['undone', 'rolled-back'], ['undo-stuck', 'stuck']]);
    expect(movesFrom('stuck')).toEqual([['retry', 'rolling-back'], ['skip', 'failed']]);
  });
});

describe('a move that the table does not have', () => {
  it('is a bug of ours, and says which', () => {
    expect(() => moveRegion('live', 'soak')).toThrow(new RangeError('no move from live by soak'));
    for (const status of unused) expect(() => moveRegion(status, 'undo')).toThrow(RangeError);
  });
});

describe('a region at work', () => {
  it('is every one that has begun and has not ended', () => {
    expect(reachable('pending').filter(isInFlight).toSorted()).toEqual([...touched, 'gated'].toSorted());
  });
});
