import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MeridianFailure } from '../../src/rollout/failure.js';
import {
  applyDocument, boardOf, documentOf, emptyLedger, endRollout, goodIn, grantNext, noteChange, type PipelineLedger,
} from '../../src/rollout/pipeline-ledger.js';
import { shop } from './sample-document.js';
import { later, ledgerOf, now, ship, start, sydneyOnly, verified } from './sample-ledger.js';

describe('the document of a pipeline', () => {
  it('is kept with a revision, who applied it and when, and gives the board its regions', () => {
    const ledger = ledgerOf(sydneyOnly);
    expect(ledger).toMatchObject({ revision: 1, createdAt: now, updatedAt: now, updatedBy: 'ana' });
    expect(boardOf(ledger).map(({ environment, region, status }) => `${environment}/${region} ${status}`))
      .toEqual(['staging/sydney unknown', 'production/sydney unknown']);
    expect(applyDocument(ledger, shop(), 'ben', later)).toMatchObject({ revision: 2, createdAt: now, updatedAt: later, updatedBy: 'ben' });
  });

  it('makes no new revision when it says the same again, in whatever order', () => {
    const ledger = ledgerOf();
    const { name, ...rest } = shop();
    expect(applyDocument(ledger, { ...rest, name }, 'ben', later)).toBe(ledger);
  });

  it('must be there before anything is shipped, and the refusal says how to get it there', () => {
    expect(() => documentOf(emptyLedger('shop', now))).toThrow(expect.objectContaining({
      code: 'PipelineNotFound', message: 'There is no pipeline shop yet: apply its document first (PUT /v1/pipelines/shop).',
    }));
    expect(() => ship(emptyLedger('shop', now), '1.1.0')).toThrow(expect.objectContaining({ code: 'PipelineNotFound' }));
  });
});

describe('the line', () => {
  it('lets the next one in when a rollout ends, and tells the others whom they wait for now', () => {
    const three = start(start(start(ledgerOf(sydneyOnly), '1.1.0'), '1.2.0'), '1.3.0');
    const { ledger, admitted, moved } = grantNext(endRollout(three, 'shop-2'));
    expect(admitted).toEqual([]);
    expect(moved.map(({ rollout, behind }) => [rollout, behind])).toEqual([['shop-3', 'shop-1']]);
    expect(grantNext(endRollout(ledger, 'shop-1'))).toMatchObject({ admitted: [{ rollout: 'shop-3' }], moved: [], ledger: { queue: [] } });
  });

  it('tells who is let in where its release is verified by then: an undo may have come between plan and walk', () => {
    const soaked = noteChange(start(ledgerOf(sydneyOnly), '1.1.0'), verified('staging', '1.1.0'));
    const waiting = start(soaked, '1.1.0');
    expect(waiting.queue).toMatchObject([{ rollout: 'shop-2', environments: ['production'] }]);
    expect(grantNext(endRollout(waiting, 'shop-1')).admitted).toEqual([{ rollout: 'shop-2', verified: { 'staging/sydney': later } }]);
    const undone = noteChange(waiting, { ...verified('staging', '1.1.0'), release: null, verified: false, status: 'empty', revoked: '1.1.0' });
    expect(grantNext(endRollout(undone, 'shop-1')).admitted).toEqual([{ rollout: 'shop-2', verified: {} }]);
  });

  it('does not tell a rollout that does not run yet; it learns its place when it starts', () => {
    const waiting = ship(start(start(ledgerOf(sydneyOnly), '1.1.0'), '1.2.0'), '1.3.0').ledger;
    expect(grantNext(endRollout(waiting, 'shop-2')).moved).toEqual([]);
  });
});

describe('what a region reports', () => {
  it('is on the board, in the release, and in what an undo puts back', () => {
    const ledger = noteChange(noteChange(start(ledgerOf(sydneyOnly), '1.1.0'), verified('staging', '1.1.0')), verified('production', '1.1.0'));
    expect(boardOf(ledger)).toMatchObject([{ release: '1.1.0', verified: true, rollout: 'shop-1' }, { release: '1.1.0', verified: true }]);
    expect(ledger.releases[0]?.verified).toEqual({ 'staging/sydney': later, 'production/sydney': later });
    expect(goodIn(ledger, { environment: 'production', region: 'sydney', not: '1.2.0' })).toEqual({ version: '1.1.0' });
    const undone = noteChange(ledger, { ...verified('production', '1.1.0'), release: null, verified: false, status: 'empty', revoked: '1.1.0' });
    expect(undone.releases[0]?.verified).toEqual({ 'staging/sydney': later });
    expect(goodIn(undone, { environment: 'production', region: 'sydney', not: '1.2.0' })).toBeNull();
  });
});

describe('whatever happens in whatever order', () => {
  const versions = ['1.0.0', '1.1.0', '1.2.0', '1.3.0'];
  const events = fc.array(fc.oneof(
    fc.record({ ship: fc.constantFrom(...versions), to: fc.constantFrom('staging', 'production') }),
    fc.record({ end: fc.nat(20) }),
    fc.record({ soaked: fc.constantFrom(...versions), environment: fc.constantFrom('staging', 'production') }),
  ), { maxLength: 40 });
  type Event = typeof events extends fc.Arbitrary<(infer E)[]> ? E : never;

  function take(ledger: PipelineLedger, event: Event): PipelineLedger {
    if ('soaked' in event) return noteChange(ledger, verified(event.environment, event.soaked));
    if ('end' in event) return grantNext(endRollout(ledger, `shop-${event.end}`)).ledger;
    try {
      return start(ledger, event.ship, event.to);
    } catch (error) {
      if (!(error instanceof MeridianFailure)) throw error;
      return ledger; // refused: nothing has changed
    }
  }

  it('numbers are given once, and each rollout holds all of its environments, waits in line, or has ended', () => {
    fc.assert(fc.property(events, (story) => {
      const admitted: string[] = [];
      const end = story.reduce((before, event) => {
        const after = take(deepFreeze(before), event);
        if (after.next > before.next) admitted.push(`shop-${before.next}`);
        const holders = new Set(Object.values(after.locks));
        expect(after.queue.filter(({ rollout }) => holders.has(rollout))).toEqual([]);
        return after;
      }, ledgerOf(sydneyOnly));
      expect(admitted).toEqual(Array.from({ length: end.next - 1 }, (_, index) => `shop-${index + 1}`));
      const known = [...Object.values(end.locks), ...end.queue.map(({ rollout }) => rollout)];
      expect(known.filter((rollout) => !admitted.includes(rollout))).toEqual([]);
    }));
  });

  it('every ledger survives being written down and read again, as a workflow does when it continues as new', () => {
    fc.assert(fc.property(events, (story) => {
      const ledger = story.reduce(take, ledgerOf(sydneyOnly));
      expect(JSON.parse(JSON.stringify(ledger))).toEqual(ledger);
    }));
  });

  /** A frozen ledger throws when anybody writes into it. */
  function deepFreeze<T>(value: T): T {
    if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) Object.values(Object.freeze(value)).forEach(deepFreeze);
    return value;
  }
});
