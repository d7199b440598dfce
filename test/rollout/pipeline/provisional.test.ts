import { describe, expect, it } from 'vitest';
import type { Cell, Change } from '../../../src/rollout/pipeline/board.js';
import { boardOf } from '../../../src/rollout/pipeline/pipeline-answers.js';
import { drainRegion, noteChange, revokeRelease } from '../../../src/rollout/pipeline/pipeline-changes.js';
import { verifiedPlaces, type PipelineLedger } from '../../../src/rollout/pipeline/pipeline-ledger.js';
import { noteWatched, noteWatchEnd, unwatched, watchesOver } from '../../../src/rollout/pipeline/provisional.js';
import { placeKey } from '../../../src/rollout/places.js';
import { later, ledgerOf, shipped, sydneyOnly, verified } from './sample-ledger.js';

const until = '2026-11-22T11:00:00.000Z';
const sydney = { environment: 'production', region: 'sydney' };
const watched = [{ ...sydney, until }];
/** 1.0.0 and then 1.1.0 were shipped to sydney; the second is watched on. */
const watching = (): PipelineLedger => noteWatched(shipped(shipped(ledgerOf(sydneyOnly), '1.0.0'), '1.1.0'), 'shop-1', watched);
const cellIn = ({ cells }: PipelineLedger): Cell => cells.find(({ environment }) => environment === 'production')!;
const change = (changes: Partial<Change>): Change => ({ ...verified('production', '1.1.0'), verified: false, rollout: 'shop-3', ...changes });
const ended = { ...sydney, rollout: 'shop-1', release: '1.1.0', at: later };
const overAfter = (after: PipelineLedger) => watchesOver(watching(), after).map(({ place, rollout, why }) => [placeKey(place), rollout, why]);

describe('a place that is watched on', () => {
  it('is verified, provisionally, and the board says until when', () => {
    expect(cellIn(watching())).toMatchObject({ release: '1.1.0', verified: true, lastKnownGood: '1.1.0', provisional: until });
    expect(boardOf(watching()).map(({ environment, provisional }) => [environment, provisional])).toEqual([['staging', undefined], ['production', until]]);
    expect(verifiedPlaces(watching(), '1.1.0')).toHaveProperty('production/sydney');
    expect(unwatched(watching(), 'shop-1', watched)).toEqual([]);
  });

  it('is not watched where something has happened before the rollout had ended', () => {
    const before = shipped(ledgerOf(sydneyOnly), '1.1.0');
    for (const ledger of [drainRegion(before, { region: 'sydney', reason: 'disk' }), noteChange(before, change({ status: 'changing' })), revokeRelease(before, { release: '1.1.0', by: 'ana', reason: 'slow' }, later).ledger]) {
      const after = noteWatched(ledger, 'shop-1', watched);
      expect(cellIn(after)).not.toHaveProperty('provisional');
      expect(unwatched(after, 'shop-1', watched)).toMatchObject([{ place: sydney, rollout: 'shop-1' }]);
    }
  });

  it('is not shown as watched where its watch has ended before its rollout has', () => {
    const at = { ...shipped(ledgerOf(sydneyOnly), '1.1.0'), running: [{ rollout: 'shop-1', number: 1, lane: 'normal' as const, release: '1.1.0', environments: ['production'], newer: null }] };
    const after = noteWatched({ ...noteWatchEnd(at, { ...ended, regression: null }), running: [] }, 'shop-1', watched);
    expect(cellIn(after)).not.toHaveProperty('provisional');
    expect(after.watchesEnded).toEqual([]);
    expect(cellIn(noteWatched(at, 'shop-1', watched))).toHaveProperty('provisional');
  });

  it('keeps its good name when the time is over', () => {
    const after = noteWatchEnd(watching(), { ...ended, regression: null });
    expect(cellIn(after)).toMatchObject({ verified: true, lastKnownGood: '1.1.0' });
    expect(cellIn(after)).not.toHaveProperty('provisional');
  });

  it('loses what it has passed there when it gets worse, on record; what was good before is good again, and runs nowhere by itself', () => {
    const after = noteWatchEnd(watching(), { ...ended, regression: 'got worse: errors ×2.3' });
    expect(cellIn(after)).toMatchObject({ release: '1.1.0', status: 'live', verified: false, lastKnownGood: '1.0.0' });
    expect(cellIn(after)).not.toHaveProperty('provisional');
    expect(Object.keys(verifiedPlaces(after, '1.1.0'))).toEqual(['staging/sydney']);
    expect(after.releases.at(-1)?.revocations).toEqual([{ by: 'meridian', at: later, reason: 'got worse: errors ×2.3', places: ['production/sydney'] }]);
  });

  it('was bad there also when something else has been put there meanwhile: that is left as it is', () => {
    const replaced = noteChange(watching(), change({ release: { version: '1.2.0' }, verified: true }));
    const after = noteWatchEnd(replaced, { ...ended, regression: 'got worse' });
    expect(cellIn(after)).toMatchObject({ release: '1.2.0', verified: true, lastKnownGood: '1.2.0', rollout: 'shop-3' });
    expect(verifiedPlaces(after, '1.1.0')).not.toHaveProperty('production/sydney');
  });

  it('is forgotten with its release', () => {
    const forgotten = { ...watching(), releases: [] };
    expect(cellIn(noteWatchEnd(forgotten, { ...ended, regression: 'got worse' }))).not.toHaveProperty('provisional');
  });
});

describe('a watch ends early', () => {
  it.each<[string, (ledger: PipelineLedger) => PipelineLedger, string]>([
    ['something else is put there', (ledger) => noteChange(ledger, change({ status: 'changing', release: { version: '1.1.0' } })), 'shop-3 changes it'],
    ['an undo takes it away', (ledger) => noteChange(ledger, change({ release: { version: '1.0.0' }, revoked: '1.1.0' })), 'shop-3 changes it'],
    ['its region is drained', (ledger) => drainRegion(ledger, { region: 'sydney', reason: 'ben: disk' }), 'sydney is drained (ben: disk)'],
    ['somebody has taken back what the release has passed', (ledger) => revokeRelease(ledger, { release: '1.1.0', by: 'ana', reason: 'slow' }, later).ledger, '1.1.0 was taken back there'],
  ])('when %s', (_title, happens, why) => {
    expect(overAfter(happens(watching()))).toEqual([['production/sydney', 'shop-1', why]]);
  });

  it('not when something happens elsewhere, or to another release', () => {
    expect(overAfter(noteChange(watching(), { ...change({ status: 'changing' }), environment: 'staging' }))).toEqual([]);
    expect(overAfter(drainRegion(watching(), { region: 'frankfurt', reason: 'x' }))).toEqual([]);
    expect(overAfter(drainRegion(watching(), { region: 'sydney', reason: null }))).toEqual([]);
    expect(overAfter(revokeRelease(watching(), { release: '1.0.0', by: 'ana', reason: 'slow' }, later).ledger)).toEqual([]);
    expect(overAfter(watching())).toEqual([]);
  });
});

describe('a cell says when it was changed', () => {
  it('from the moment in which a deploy begins, not when its soak has passed', () => {
    const at = (time: string, changes: Partial<Change>): Change => change({ at: time, ...changes });
    const steps = [
      at('2026-11-21T12:00:00.000Z', { status: 'changing', release: { version: '1.1.0' } }),
      at('2026-11-21T12:01:00.000Z', { status: 'soaking', release: { version: '1.2.0' } }),
      at('2026-11-21T12:31:00.000Z', { release: { version: '1.2.0' }, verified: true }),
    ];
    expect(steps.map((_, index) => cellIn(steps.slice(0, index + 1).reduce(noteChange, watching())).changedAt?.slice(11, 16))).toEqual(['12:00', '12:01', '12:01']);
    expect(cellIn(ledgerOf(sydneyOnly))).not.toHaveProperty('changedAt');
  });
});
