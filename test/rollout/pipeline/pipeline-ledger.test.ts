import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MeridianFailure } from '../../../src/rollout/failure.js';
import { baselineIn, boardOf, holdsFor } from '../../../src/rollout/pipeline/pipeline-answers.js';
import { drainRegion, noteChange, noteFound, noteOwed, revokeRelease } from '../../../src/rollout/pipeline/pipeline-changes.js';
import { applyDocument, documentOf, emptyLedger, verifiedPlaces, type PipelineLedger } from '../../../src/rollout/pipeline/pipeline-ledger.js';
import { endRollout, grantNext, markReady, queueDue } from '../../../src/rollout/pipeline/pipeline-line.js';
import { BoardCell } from '../../../src/rollout/schema/board.js';
import { shop } from '../sample-document.js';
import { later, ledgerOf, now, ship, shipped, start, sydneyOnly, verified } from './sample-ledger.js';

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
    expect(grantNext(endRollout(three, 'shop-2'))).toMatchObject({ admitted: [], moved: [], ledger: { queue: [{ rollout: 'shop-3', behind: 'shop-1' }] } });
    const { ledger, admitted, moved } = grantNext(endRollout(three, 'shop-1'));
    expect(admitted.map(({ rollout }) => rollout)).toEqual(['shop-2']);
    expect(moved.map(({ rollout, behind }) => [rollout, behind])).toEqual([['shop-3', 'shop-2']]);
    expect(grantNext(endRollout(ledger, 'shop-2'))).toMatchObject({ admitted: [{ rollout: 'shop-3' }], moved: [], ledger: { queue: [] } });
  });

  it('does not tell a rollout that does not run yet; it learns its place when it starts', () => {
    const waiting = ship(start(start(ledgerOf(sydneyOnly), '1.1.0'), '1.2.0'), '1.3.0').ledger;
    expect(grantNext(endRollout(waiting, 'shop-1')).moved).toEqual([]);
  });

  it('tells one whose time has come whom it waits for', () => {
    const { ledger } = ship(start(ledgerOf(), '1.1.0'), '1.2.0', { startAt: later });
    expect(grantNext(queueDue(ledger, 'shop-2')).moved).toMatchObject([{ rollout: 'shop-2', behind: 'shop-1' }]);
    expect(endRollout(ledger, 'shop-2').scheduled).toEqual([]);
  });
});

describe('a newer rollout where the policy says supersede', () => {
  const policy = { overlap: 'supersede' };
  const supersededBy = (ledger: PipelineLedger): [string, string | null][] => grantNext(ledger).superseded.map(({ rollout, by }) => [rollout, by]);
  const shipReady = (ledger: PipelineLedger, version: string): PipelineLedger => markReady(ship(ledger, version).ledger, `shop-${ledger.next}`);

  it('takes over from nobody who ships the same release: asked for twice, it waits and finds nothing left to do', () => {
    const twice = shipReady(start(ledgerOf({ policy }), '1.1.0'), '1.1.0');
    expect(grantNext(twice).superseded).toEqual([]);
  });

  it('takes over no more once it has left the line: the one that runs is told that, too', () => {
    const told = grantNext(shipReady(start(ledgerOf({ policy }), '1.1.0'), '1.2.0')).ledger;
    const left = grantNext(endRollout(told, 'shop-2'));
    expect(left.superseded).toEqual([{ rollout: 'shop-1', by: null }]);
    expect(grantNext(left.ledger).superseded).toEqual([]);
  });

  it('takes over from the one that runs, which is told once and holds its environments until it has ended', () => {
    const two = shipReady(start(ledgerOf({ policy }), '1.1.0'), '1.2.0');
    expect(grantNext(two)).toMatchObject({ admitted: [], superseded: [{ rollout: 'shop-1', by: 'shop-2' }], ledger: { running: [{ rollout: 'shop-1' }] } });
    const told = grantNext(two).ledger;
    expect(supersededBy(told)).toEqual([]);
    expect(grantNext(endRollout(told, 'shop-1')).admitted).toMatchObject([{ rollout: 'shop-2' }]);
  });

  it('puts those out that wait in line, and the one that runs learns of the newest', () => {
    const three = shipReady(start(start(ledgerOf({ policy }), '1.1.0'), '1.2.0'), '1.3.0');
    expect(supersededBy(three)).toEqual([['shop-2', 'shop-3'], ['shop-1', 'shop-3']]);
    expect(grantNext(three).ledger.queue.map(({ rollout }) => rollout)).toEqual(['shop-3']);
  });

  it('does nothing of the kind before its workflow runs, nor where the policy says queue', () => {
    expect(supersededBy(ship(start(ledgerOf({ policy }), '1.1.0'), '1.2.0').ledger)).toEqual([]);
    expect(supersededBy(shipReady(start(ledgerOf(), '1.1.0'), '1.2.0'))).toEqual([]);
  });
});

describe('a rollout that is let in', () => {
  it('is told what is verified by then: an undo may have come between plan and walk', () => {
    const ledger = noteChange(start(ledgerOf(sydneyOnly), '1.1.0'), verified('staging', '1.1.0'));
    expect(verifiedPlaces(ledger, '1.1.0')).toEqual({ 'staging/sydney': later });
    const undone = noteChange(ledger, { ...verified('staging', '1.1.0'), release: null, verified: false, status: 'empty', revoked: '1.1.0' });
    expect(verifiedPlaces(undone, '1.1.0')).toEqual({});
  });

  it('is told what holds it: freezes, drained regions, and the block that its release meets', () => {
    const block = { name: 'cve-1', version: '1.1.0', reason: 'it leaks', by: 'eve', at: now };
    const ledger = { ...drainRegion(start(ledgerOf(), '1.1.0'), { region: 'sydney', reason: 'disks' }), blocks: [block] };
    expect(holdsFor(ledger, '1.1.0')).toEqual({ freezes: [], drained: { sydney: 'disks' }, block });
    expect(holdsFor(ledger, '1.2.0').block).toBeNull();
  });
});

describe('what a region reports', () => {
  const ledger = noteChange(noteChange(start(ledgerOf(sydneyOnly), '1.1.0'), verified('staging', '1.1.0')), verified('production', '1.1.0'));
  const sydney = { environment: 'production', region: 'sydney' };

  it('is on the board, in the release, and in what an undo puts back', () => {
    expect(boardOf(ledger)).toMatchObject([{ release: '1.1.0', verified: true, rollout: 'shop-1' }, { release: '1.1.0', verified: true }]);
    expect(ledger.releases[0]?.verified).toEqual({ 'staging/sydney': later, 'production/sydney': later });
    expect(baselineIn(ledger, { ...sydney, not: '1.2.0' })).toEqual({ good: { version: '1.1.0' }, onBoard: { release: '1.1.0', status: 'live' }, isVerified: false });
    expect(baselineIn(ledger, { ...sydney, not: '1.1.0' }).isVerified).toBe(true);
    const undone = noteChange(ledger, { ...verified('production', '1.1.0'), release: null, verified: false, status: 'empty', revoked: '1.1.0' });
    expect(undone.releases[0]?.verified).toEqual({ 'staging/sydney': later });
    expect(baselineIn(undone, { ...sydney, not: '1.2.0' })).toEqual({ good: null, onBoard: { release: null, status: 'empty' }, isVerified: false });
  });

  it('keeps the whole bundle of what an undo puts back, as long as an undo could', () => {
    const bundle = (version: string) => ({ version, config: { COLOUR: version } });
    const soaked = (before: PipelineLedger, version: string) => noteChange(before, { ...verified('production', version), release: bundle(version) });
    const question = { ...sydney, not: '9.9.9' };
    const found = noteFound(ledgerOf(sydneyOnly), sydney, { version: '1.0.0' }, now);
    expect(baselineIn(found, question).good).toEqual({ version: '1.0.0' });
    expect(baselineIn(soaked(found, '1.1.0'), { ...sydney, not: '1.1.0' }).good).toEqual({ version: '1.0.0' });
    expect(baselineIn(noteFound(soaked(found, '1.0.0'), { ...sydney, environment: 'staging' }, { version: '1.0.0' }, now), question).good).toEqual(bundle('1.0.0'));
    const many = Array.from({ length: 10 }, (_, index) => `2.${index}.0`).reduce(soaked, found);
    expect(Object.keys(many.bundles)).toEqual(['2.5.0', '2.6.0', '2.7.0', '2.8.0', '2.9.0']);
    expect(baselineIn(many, question).good).toEqual(bundle('2.9.0'));
  });

  it('puts back a blocked release only when there is no other', () => {
    const two = noteChange(ledger, verified('production', '1.2.0'));
    const blocked = (version: string) => ({ name: 'cve-1', version, reason: 'it leaks', by: 'eve', at: now });
    expect(baselineIn({ ...two, blocks: [blocked('1.2.0')] }, { ...sydney, not: '1.3.0' }).good).toEqual({ version: '1.1.0' });
    expect(baselineIn({ ...two, blocks: [blocked('1.1.0')] }, { ...sydney, not: '1.2.0' }).good).toEqual({ version: '1.1.0' });
  });

  it('says of a place that nobody has looked at that it is unknown', () => {
    expect(baselineIn(ledgerOf(), { ...sydney, not: '1.2.0' }).onBoard).toEqual({ release: null, status: 'unknown' });
    expect(baselineIn(ledgerOf(), { environment: 'production', region: 'oslo', not: '1.2.0' }).onBoard).toEqual({ release: null, status: 'unknown' });
  });

  it('tells how long deploys take there: the last five', () => {
    const many = [1, 2, 3, 4, 5, 6].reduce((before, deployMs) => noteChange(before, { ...verified('production', '1.1.0'), deployMs }), ledger);
    expect(many.deployMs).toEqual({ 'production/sydney': [2, 3, 4, 5, 6] });
    expect(noteChange(many, verified('production', '1.1.0')).deployMs).toEqual(many.deployMs);
  });

  it('a release that is taken back there by a failed second look is no longer verified, though it runs on', () => {
    const failed = noteChange(ledger, { ...verified('production', '1.1.0'), verified: false, revoked: '1.1.0' });
    expect(boardOf(failed)[1]).toMatchObject({ release: '1.1.0', status: 'live', verified: false, lastKnownGood: null });
    expect(failed.releases[0]?.verified).toEqual({ 'staging/sydney': later });
  });
});

describe('what people change', () => {
  it('drains a region with a reason that the board shows, and lets it take part again', () => {
    const drained = drainRegion(ledgerOf(sydneyOnly), { region: 'sydney', reason: 'disks' });
    expect(boardOf(drained).map((cell) => cell.drained)).toEqual(['disks', 'disks']);
    const open = drainRegion(drained, { region: 'sydney', reason: null });
    expect(boardOf(open).map((cell) => cell.drained)).toEqual([null, null]);
    expect(drainRegion(open, { region: 'sydney', reason: null }).drained).toEqual({});
  });

  it('drains no region that is not there', () => {
    expect(() => drainRegion(ledgerOf(), { region: 'oslo', reason: 'disks' })).toThrow(expect.objectContaining({
      code: 'InvalidRequest', message: 'shop has no region oslo. It has: virginia, sydney, frankfurt.',
    }));
  });

  it('forgets the drain of a region that the document drops', () => {
    const drained = drainRegion(ledgerOf(), { region: 'sydney', reason: 'disks' });
    expect(applyDocument(drained, shop({ regions: { oslo: { weight: 1 } } }), 'ana', later).drained).toEqual({});
  });

  it('refuses to take anything back in a place that is nowhere: a typo would change nothing', () => {
    const ledger = shipped(ledgerOf(sydneyOnly), '1.1.0');
    expect(() => revokeRelease(ledger, { release: '1.1.0', environment: 'stagin', by: 'ben', reason: 'x' }, later)).toThrow(expect.objectContaining({
      code: 'InvalidRequest', message: 'shop has no environment stagin. It has: staging, production. Did you mean staging?',
    }));
  });

  it('takes back what a release has passed: its next walk begins where that was', () => {
    const ledger = shipped(ledgerOf(sydneyOnly), '1.1.0');
    const { ledger: revoked, places } = revokeRelease(ledger, { release: '1.1.0', environment: 'staging', by: 'ben', reason: 'it lost orders' }, later);
    expect(places).toEqual(['staging/sydney']);
    expect(boardOf(revoked).map((cell) => cell.verified)).toEqual([false, true]);
    expect(ship(revoked, '1.1.0').rollout.plan.phases[0]?.environment).toBe('staging');
  });
});

describe('the board', () => {
  it('is what the API describes, whatever is on it', () => {
    const override = { from: 'production', reason: 'the shop is down' };
    const ledger = shipped(ledgerOf({ tenants: { acme: { regions: ['sydney'] } } }), '1.1.0');
    const all = drainRegion(noteChange(ship(ledger, '1.2.0', { override }, { roles: ['*'] }).ledger, verified('production', '1.2.0', 'virginia')), { region: 'sydney', reason: 'disks' });
    for (const cell of boardOf(all)) expect(BoardCell.strict().parse(cell)).toEqual(cell);
    expect(boardOf(all).map(({ override: text }) => text).filter((text) => text !== null)).toHaveLength(1);
  });
});

describe('a place that a rollout had to leave out', () => {
  it('is owed once, until a release is verified there, or the document has it no more', () => {
    const place = { environment: 'production', region: 'sydney' };
    const owed = noteOwed(noteOwed(ledgerOf(), [place]), [place]);
    expect(owed.owed).toEqual([place]);
    expect(noteChange(owed, verified('production', '1.1.0')).owed).toEqual([]);
    expect(noteChange(owed, verified('staging', '1.1.0')).owed).toEqual([place]);
    expect(applyDocument(owed, shop({ regions: { oslo: { weight: 1 } } }), 'ana', later).owed.map(({ region }) => region)).toEqual(['oslo', 'oslo']);
  });
});

describe('whatever happens in whatever order', () => {
  const versions = ['1.0.0', '1.1.0', '1.2.0', '1.3.0'];
  const events = fc.array(fc.oneof(
    fc.record({ ship: fc.constantFrom(...versions), to: fc.constantFrom('staging', 'production'), lane: fc.constantFrom('normal' as const, 'hotfix' as const), startAt: fc.constantFrom(now, later) }),
    fc.record({ end: fc.nat(20) }),
    fc.record({ due: fc.nat(20) }),
    fc.record({ soaked: fc.constantFrom(...versions), environment: fc.constantFrom('staging', 'production') }),
  ), { maxLength: 40 });
  type Event = typeof events extends fc.Arbitrary<(infer E)[]> ? E : never;
  const overlaps = fc.constantFrom('queue', 'supersede', 'reject');
  const ledgerWith = (overlap: string): PipelineLedger => ledgerOf({ ...sydneyOnly, policy: { overlap, hotfix: { soak: '5m' } } });

  function take(ledger: PipelineLedger, event: Event): PipelineLedger {
    if ('soaked' in event) return noteChange(ledger, verified(event.environment, event.soaked));
    if ('end' in event) return grantNext(endRollout(ledger, `shop-${event.end}`)).ledger;
    if ('due' in event) return grantNext(queueDue(ledger, `shop-${event.due}`)).ledger;
    const { ship: version, ...options } = event;
    try {
      return start(ledger, version, { ...options, reason: 'now' }, { roles: ['*'] });
    } catch (error) {
      if (!(error instanceof MeridianFailure)) throw error;
      return ledger; // refused: nothing has changed
    }
  }

  const everywhere = ({ running, queue, scheduled }: PipelineLedger): string[] => [...running, ...queue, ...scheduled].map(({ rollout }) => rollout);

  it('numbers are given once, and no rollout is in two places: it holds its environments, waits in line or for its time, or has ended', () => {
    fc.assert(fc.property(events, overlaps, (story, overlap) => {
      const end = story.reduce((before, event) => {
        const after = take(deepFreeze(before), event);
        expect(new Set(everywhere(after)).size).toBe(everywhere(after).length);
        expect(after.next - before.next).toBe('ship' in event && after !== before ? 1 : 0);
        return after;
      }, ledgerWith(overlap));
      const given = Array.from({ length: end.next - 1 }, (_, index) => `shop-${index + 1}`);
      expect(everywhere(end).filter((rollout) => !given.includes(rollout))).toEqual([]);
    }));
  });

  it('a hot-fix waits for nobody but who runs and other hot-fixes', () => {
    fc.assert(fc.property(events, overlaps, (story, overlap) => {
      const { queue } = story.reduce(take, ledgerWith(overlap));
      expect(queue.map(({ lane }) => lane)).toEqual(queue.map(({ lane }) => lane).toSorted((a, b) => (a === b ? 0 : a === 'hotfix' ? -1 : 1)));
    }));
  });

  it('nobody is put out while the policy says queue', () => {
    fc.assert(fc.property(events, (story) => {
      const ended = new Set(story.flatMap((event) => ('end' in event ? [`shop-${event.end}`] : [])));
      const end = story.reduce(take, ledgerWith('queue'));
      const gone = Array.from({ length: end.next - 1 }, (_, index) => `shop-${index + 1}`).filter((rollout) => !everywhere(end).includes(rollout));
      expect(gone.filter((rollout) => !ended.has(rollout))).toEqual([]);
    }));
  });

  it('every ledger survives being written down and read again, as a workflow does when it continues as new', () => {
    fc.assert(fc.property(events, overlaps, (story, overlap) => {
      const ledger = story.reduce(take, ledgerWith(overlap));
      expect(JSON.parse(JSON.stringify(ledger))).toEqual(ledger);
    }));
  });

  /** A frozen ledger throws when anybody writes into it. */
  function deepFreeze<T>(value: T): T {
    if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) Object.values(Object.freeze(value)).forEach(deepFreeze);
    return value;
  }
});
