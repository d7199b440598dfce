import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adopt, cellsFor, changeBoard, lastKnownGood, revokeOnBoard, type Cell, type Change } from '../../../src/rollout/pipeline/board.js';
import { placeKey } from '../../../src/rollout/places.js';
import type { Release } from '../../../src/rollout/schema/release.js';
import { shop } from '../sample-document.js';

const at = '2026-11-21T10:00:00.000Z';
const later = '2026-11-21T11:00:00.000Z';
const sydney = { environment: 'production', region: 'sydney' };
const release = (version: string): Release => ({ version, config: { COLOUR: version } });

const empty = (): Cell[] => cellsFor(shop(), [], at);
const cellOf = (cells: Cell[], place = sydney): Cell =>
  cells.find(({ environment, region }) => environment === place.environment && region === place.region)!;
const change = (changes: Partial<Change>): Change => ({ ...sydney, rollout: 'shop-1', status: 'live', release: null, verified: false, at: later, ...changes });
const verified = (version: string): Change => change({ release: release(version), verified: true });
const soaking = (version: string): Change => change({ status: 'soaking', release: release(version) });
const takenBack = (version: string, to: string | null): Change =>
  change({ status: to === null ? 'empty' : 'live', release: to === null ? null : release(to), revoked: version });
const after = (...changes: Change[]): Cell[] => changes.reduce(changeBoard, empty());
const adopted = (version: string): Cell[] => empty().map((cell) => adopt(cell, release(version), at));

describe('the board of a document', () => {
  it('has one cell for each region of each environment, of which nothing is known at first', () => {
    const cells = cellsFor(shop({ lifecycle: [{ environment: 'staging', waves: [['sydney']] }, { environment: 'production' }] }), [], at);
    expect(cells.map(({ environment, region }) => `${environment}/${region}`)).toEqual([
      'staging/sydney', 'production/sydney', 'production/frankfurt', 'production/virginia',
    ]);
    for (const cell of cells) expect(cell).toMatchObject({ status: 'unknown', release: null, verified: false, lastKnownGood: null, rollout: null, since: at });
  });

  it('keeps what is known when the document changes: of regions that stay, and of those that it drops', () => {
    const before = after(verified('1.1.0'));
    const oslo = cellsFor(shop({ regions: { oslo: { weight: 1 } } }), before, later);
    expect(cellOf(oslo)).toEqual(cellOf(before));
    expect(oslo.map(({ environment, region }) => `${environment}/${region}`)).toEqual(['production/sydney', 'staging/oslo', 'production/oslo']);
  });
});

describe('a region that is found', () => {
  it('runs what Meridian found there: that is what an undo puts back, though it has not soaked', () => {
    expect(cellOf(adopted('1.0.0'))).toMatchObject({ status: 'live', release: '1.0.0', lastKnownGood: '1.0.0', verified: false, rollout: null, since: at });
    expect(lastKnownGood(adopted('1.0.0'), { ...sydney, not: '1.1.0' })).toBe('1.0.0');
  });

  it('is empty when nothing runs there', () => {
    expect(adopt(cellOf(empty()), null, later)).toMatchObject({ status: 'empty', release: null, lastKnownGood: null, since: later });
  });

  it('is left alone when a rollout has changed it meanwhile', () => {
    const changed = cellOf(after(change({ status: 'changing' })));
    expect(adopt(changed, release('1.0.0'), later)).toBe(changed);
  });

  it('is not called verified when an undo puts back what was found and never soaked', () => {
    expect(cellOf([soaking('1.1.0'), takenBack('1.1.0', '1.0.0')].reduce(changeBoard, adopted('1.0.0'))))
      .toMatchObject({ release: '1.0.0', lastKnownGood: '1.0.0', verified: false });
  });
});

describe('last-known-good', () => {
  it('comes from a whole soak, and from nothing else that a region reports', () => {
    expect(cellOf(after(soaking('1.1.0')))).toMatchObject({ release: '1.1.0', status: 'soaking', verified: false, lastKnownGood: null });
    expect(cellOf(after(change({ release: release('1.1.0') })))).toMatchObject({ status: 'live', verified: false, lastKnownGood: null });
    expect(cellOf(after(soaking('1.1.0'), verified('1.1.0')))).toMatchObject({
      release: '1.1.0', status: 'live', verified: true, lastKnownGood: '1.1.0', rollout: 'shop-1', since: later,
    });
  });

  it('is the one before again when a release is taken away', () => {
    const cells = after(verified('1.0.0'), verified('1.1.0'), takenBack('1.1.0', '1.0.0'));
    expect(cellOf(cells)).toMatchObject({ release: '1.0.0', verified: true, lastKnownGood: '1.0.0' });
    expect(lastKnownGood(cells, { ...sydney, not: '1.2.0' })).toBe('1.0.0');
  });

  it('is nothing where nothing good has ever run, or the region is not known', () => {
    expect(lastKnownGood(after(soaking('1.1.0')), { ...sydney, not: '1.1.0' })).toBeNull();
    expect(lastKnownGood(after(verified('1.0.0')), { environment: 'production', region: 'oslo', not: '1.1.0' })).toBeNull();
  });

  const versions = fc.constantFrom('1.0.0', '1.1.0', '1.2.0', '1.3.0');
  const events = fc.array(fc.tuple(fc.constantFrom('verified', 'soaking', 'taken back'), versions), { maxLength: 30 });
  const asChange = ([what, version]: [string, string]): Change => {
    if (what === 'verified') return verified(version);
    return what === 'soaking' ? soaking(version) : takenBack(version, null);
  };

  /** Versions that were verified and not taken away since, in the order in which they were verified last. */
  const lasting = (story: [string, string][]): string[] =>
    story
      .filter(([what]) => what !== 'soaking')
      .filter(([what, version], index, all) => what === 'verified' && !all.slice(index + 1).some(([, other]) => other === version))
      .map(([, version]) => version);

  it('is the release that was verified last and not taken away since, whatever happens in whatever order', () => {
    fc.assert(fc.property(events, (story) => {
      expect(cellOf(after(...story.map(asChange))).lastKnownGood).toBe(lasting(story).at(-1) ?? null);
    }));
  });

  it('is never put back where it is what is taken away: the one before is', () => {
    fc.assert(fc.property(events, versions, (story, not) => {
      const before = lasting(story).findLast((version) => version !== not);
      expect(lastKnownGood(after(...story.map(asChange)), { ...sydney, not })).toBe(before ?? null);
    }));
  });

  it('reaches back through five releases and no further, so that a board never grows without end', () => {
    const cells = after(...Array.from({ length: 50 }, (_, index) => verified(`1.${index}.0`)));
    expect(cellOf(cells).good).toHaveLength(5);
    expect(cellOf(cells).lastKnownGood).toBe('1.49.0');
    const again = after(verified('1.0.0'), ...Array.from({ length: 10 }, () => verified('1.1.0')));
    expect(lastKnownGood(again, { ...sydney, not: '1.1.0' })).toBe('1.0.0');
  });
});

describe('a change', () => {
  it('touches no other cell', () => {
    const before = empty();
    const changed = changeBoard(before, verified('1.1.0'));
    expect(changed.filter((cell, index) => cell !== before[index]).map(({ environment, region }) => `${environment}/${region}`)).toEqual(['production/sydney']);
  });

  it('of a place that the board does not have changes nothing', () => {
    const before = empty();
    expect(changeBoard(before, change({ region: 'oslo' }))).toEqual(before);
  });
});

describe('what a person takes back', () => {
  it('is no longer verified there and no undo target, while what ran before is', () => {
    const cells = revokeOnBoard(after(verified('1.0.0'), verified('1.1.0')), '1.1.0', ['production/sydney']);
    expect(cellOf(cells)).toMatchObject({ release: '1.1.0', verified: false, lastKnownGood: '1.0.0' });
    expect(lastKnownGood(cells, { ...sydney, not: '1.2.0' })).toBe('1.0.0');
  });

  it('stays what it was in every other place, and so does everything else', () => {
    const cells = after(verified('1.0.0'), verified('1.1.0'));
    expect(revokeOnBoard(cells, '1.1.0', ['production/virginia'])).toEqual(cells);
    expect(cellOf(revokeOnBoard(cells, '1.0.0', ['production/sydney']))).toMatchObject({ verified: true, lastKnownGood: '1.1.0' });
  });
});

describe('an undo where a good release is blocked', () => {
  const isBlocked = (version: string): boolean => version === '1.1.0';

  it('puts back the one before it', () => {
    expect(lastKnownGood(after(verified('1.0.0'), verified('1.1.0')), { ...sydney, not: '1.2.0' }, { isBlocked })).toBe('1.0.0');
  });

  it('puts back the blocked one when there is no other: a bad release must not stay', () => {
    expect(lastKnownGood(after(verified('1.1.0')), { ...sydney, not: '1.2.0' }, { isBlocked })).toBe('1.1.0');
  });
});

describe('the board of tenants', () => {
  const tenants = { acme: { regions: ['sydney'] }, globex: { regions: ['sydney'], holdBack: 'audit' } };
  const acme = { ...sydney, tenant: 'acme' };

  it('has a cell for each tenant of a region, also for one that is held back, and none for the region itself', () => {
    const cells = cellsFor(shop({ tenants, lifecycle: [{ environment: 'production' }] }), [], at);
    expect(cells.map(placeKey)).toEqual(['production/sydney/acme', 'production/sydney/globex', 'production/frankfurt', 'production/virginia']);
  });

  it('keeps apart what happens to the tenants of one region', () => {
    const cells = changeBoard(cellsFor(shop({ tenants }), [], at), { ...verified('1.1.0'), ...acme });
    expect(cells.filter(({ release: version }) => version === '1.1.0').map(placeKey)).toEqual(['production/sydney/acme']);
    expect(lastKnownGood(cells, { ...acme, not: '1.2.0' })).toBe('1.1.0');
    expect(lastKnownGood(cells, { ...sydney, tenant: 'globex', not: '1.2.0' })).toBeNull();
  });
});
