import { describe, expect, it } from 'vitest';
import { moveRegion, regionTable, type RegionEvent } from '../../../src/rollout/states/region-states.js';
import { isInFlight, regionStatuses, type RegionStatus } from '../../../src/rollout/states/statuses.js';

/** Steps that no region takes yet. */
const unused: RegionStatus[] = ['draining', 'shifting'];
const ends: RegionStatus[] = ['live', 'rolled-back', 'failed', 'skipped', 'superseded'];
const untouched: RegionStatus[] = ['pending', 'gated'];
/** A region is held by its soak, or before anything was changed by what was found there: which of the two the table cannot tell. */
const touched = regionStatuses.filter((status) => ![...unused, ...ends, ...untouched, 'held'].includes(status));

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

  it('has its database expanded before every gate is asked once more, and nothing deployed meanwhile', () => {
    const story: RegionEvent[] = ['gate-closed', 'gates-open', 'expand', 'expanded', 'gate-closed', 'gates-open', 'deploy'];
    expect(story.reduce(moveRegion, 'pending')).toBe('deploying');
    expect(movesFrom('expanding')).toEqual([['undo', 'rolling-back'], ['expanded', 'pending']]);
  });

  it('goes from contract to verify and soak, without a deploy', () => {
    expect((['gate-closed', 'gates-open', 'contract', 'verify', 'soak', 'soaked'] as const).reduce<RegionStatus>(moveRegion, 'pending')).toBe('live');
    expect(waysTo('contracting')).toEqual(['pending by contract']);
  });

  it('goes from the undo that it rehearses to the beginning, and from what it was found with too', () => {
    expect((['deploy', 'verify', 'rehearse', 'rehearsed', 'deploy', 'verify', 'soak'] as const).reduce<RegionStatus>(moveRegion, 'pending')).toBe('soaking');
    expect((['drift', 'accept', 'deploy'] as const).reduce<RegionStatus>(moveRegion, 'pending')).toBe('deploying');
  });

  it('is superseded only when its deploy has been verified: it is never left half-way', () => {
    expect(waysTo('superseded')).toEqual(['soaking by supersede', 'held by supersede']);
  });

  it('is live only after a whole soak, or when a person lets it through at its end', () => {
    expect(waysTo('live')).toEqual(['soaking by soaked', 'held by let-through']);
  });

  it('ends in live, rolled-back, failed, skipped or superseded, and can get to one of them from everywhere', () => {
    for (const status of reachable('pending')) expect(reachable(status).some((each) => ends.includes(each))).toBe(true);
    for (const status of reachable('pending').filter((each) => !ends.includes(each))) expect(movesFrom(status)).not.toEqual([]);
  });

  it.each(['rolled-back', 'failed', 'skipped', 'superseded'] as const)('is over once it is %s', (status) => {
    expect(movesFrom(status)).toEqual([]);
  });
});

describe('a region that was not changed', () => {
  it.each(['pending', 'gated', 'held'] as const)('is skipped when the walk stops, and failed when it cannot begin: %s', (status) => {
    expect(moveRegion(status, 'leave')).toBe('skipped');
    expect(moveRegion(status, 'fail')).toBe('failed');
  });

  it('goes back from there after a rehearsal or an expand, which have changed it', () => {
    for (const status of untouched) expect(moveRegion(status, 'undo')).toBe('rolling-back');
  });
});

describe('a region that was changed', () => {
  it('can be undone at any moment, live or not', () => {
    for (const status of ['expanding', 'deploying', 'contracting', 'verifying', 'soaking', 'held', 'live'] as const) expect(moveRegion(status, 'undo')).toBe('rolling-back');
  });

  it('never ends as if it had not been touched, unless a person takes its undo over', () => {
    // Held by its soak it has something to undo, and takes it back; a rehearsal has taken everything back before it is pending again, and
    // what was expanded is on the list of what is taken back from there.
    for (const status of touched) {
      expect(reachable(status, (event) => !['skip', 'hold', 'rehearse', 'rehearsed', 'expanded'].includes(event))).not.toContain('skipped');
      expect(movesFrom(status).filter(([event]) => event === 'leave')).toEqual([]);
    }
    expect(waysTo('failed')).toEqual([
      'pending by fail', 'gated by fail', 'verifying by fail', 'soaking by fail', 'live by fail', 'contracting by fail', 'held by fail', 'stuck by skip',
    ]);
  });

  it('fails, and is not undone, where what was contracted has no way back', () => {
    for (const status of ['contracting', 'verifying', 'soaking', 'held'] as const) expect(moveRegion(status, 'fail')).toBe('failed');
    expect(movesFrom('deploying').map(([event]) => event)).not.toContain('fail');
    expect(movesFrom('expanding').map(([event]) => event)).not.toContain('fail');
  });

  it('that was live fails when a later look finds it bad', () => {
    expect(moveRegion('live', 'fail')).toBe('failed');
  });

  it('goes back to its end: an undo that does not work is stuck until a person answers, and never forgotten', () => {
    expect(movesFrom('rolling-back')).toEqual([['undone', 'rolled-back'], ['rehearsed', 'pending'], ['undo-stuck', 'stuck']]);
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
    expect(reachable('pending').filter(isInFlight).toSorted()).toEqual([...touched, 'gated', 'held'].toSorted());
  });
});
