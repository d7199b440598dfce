import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/rollout/board.js';
import { MeridianFailure } from '../../src/rollout/failure.js';
import {
  admit, applyDocument, boardOf, documentOf, emptyLedger, endRollout, goodIn, grantNext, markReady, noteChange, type AdmissionRequest, type PipelineLedger,
} from '../../src/rollout/pipeline-ledger.js';
import { shop } from './sample-document.js';

const now = '2026-11-21T10:00:00.000Z';
const later = '2026-11-21T11:00:00.000Z';
const sydneyOnly = { lifecycle: [{ environment: 'staging', waves: [['sydney']] }, { environment: 'production', waves: [['sydney']] }] };

const ledgerOf = (changes: Record<string, unknown> = {}): PipelineLedger => applyDocument(emptyLedger('shop', now), shop(changes), 'ana', now);
const ship = (ledger: PipelineLedger, version: string, to?: string) => admit(ledger, { release: { version }, ...(to !== undefined && { to }) }, now);

/** Admits a rollout whose workflow runs, and lets in who can be let in. */
function start(ledger: PipelineLedger, version: string, to?: string): PipelineLedger {
  const { ledger: after, rollout } = ship(ledger, version, to);
  return grantNext(markReady(after, rollout.rollout)).ledger;
}

const verified = (environment: string, version: string, rollout = 'shop-1'): Change =>
  ({ environment, region: 'sydney', rollout, status: 'live', release: { version }, verified: true, at: later });

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

describe('the admission of a rollout', () => {
  it('numbers it, freezes document, plan and release, and gives it its place in line', () => {
    const before = ledgerOf(sydneyOnly);
    const { ledger, rollout } = ship(before, '1.1.0');
    expect(rollout).toMatchObject({ rollout: 'shop-1', number: 1, document: before.document, plan: { revision: 1, release: '1.1.0' }, release: { version: '1.1.0' }, behind: null });
    expect(ledger.queue).toEqual([{ rollout: 'shop-1', release: '1.1.0', environments: ['staging', 'production'], isReady: false, behind: null }]);
    expect(ledger.releases).toEqual([{ release: { version: '1.1.0' }, firstSeenAt: now, verified: {} }]);
    expect(ship(ledger, '1.2.0').rollout).toMatchObject({ rollout: 'shop-2', behind: 'shop-1' });
  });

  it('keeps the plan of one that waits as it is when the document changes', () => {
    const { rollout } = ship(ledgerOf(sydneyOnly), '1.1.0');
    expect(rollout.plan.phases.map(({ waves }) => waves.length)).toEqual([1, 1]);
    expect(rollout.document).toEqual(shop(sydneyOnly));
  });

  it('leaves out the phases where the release is verified', () => {
    const ledger = noteChange(endRollout(start(ledgerOf(sydneyOnly), '1.1.0', 'staging'), 'shop-1'), verified('staging', '1.1.0'));
    expect(ship(ledger, '1.1.0').rollout.plan).toMatchObject({ alreadyVerified: ['staging'], phases: [{ environment: 'production' }] });
    expect(ship(ledger, '1.2.0').rollout.plan.alreadyVerified).toEqual([]);
  });

  const shipped = (version: string, ledger = ledgerOf(sydneyOnly)): PipelineLedger =>
    ['staging', 'production'].reduce((before, environment) => noteChange(before, verified(environment, version)), endRollout(start(ledger, version), `shop-${ledger.next}`));

  it('is refused when nothing is left to do', () => {
    expect(() => ship(shipped('1.1.0'), '1.1.0')).toThrow(expect.objectContaining({
      code: 'NothingToDo', message: '1.1.0 already runs, verified, in every region of staging and production.',
    }));
  });

  it('takes a release again that a newer one has replaced', () => {
    const ledger = shipped('1.2.0', shipped('1.1.0'));
    expect(ship(ledger, '1.1.0').rollout.plan.phases.map(({ environment }) => environment)).toEqual(['staging', 'production']);
  });

  it('is refused when a required variable has no value in a region of the walk, all of them named', () => {
    const variables = [{ name: 'PORT', required: true, values: [{ value: 1, environment: 'staging' }] }, { name: 'CURRENCY', required: true }];
    expect(() => ship(ledgerOf({ ...sydneyOnly, variables }), '1.1.0')).toThrow(expect.objectContaining({
      code: 'VariableMissing', message: expect.stringMatching(/^3 required values are missing: PORT in production\/sydney; CURRENCY in staging\/sydney and production\/sydney/),
    }));
    expect(() => ship(ledgerOf({ ...sydneyOnly, variables: [variables[0]] }), '1.1.0', 'staging')).not.toThrow();
  });

  it.each<[string, string, AdmissionRequest]>([
    ['another bundle under a known version', 'ReleaseChanged', { release: { version: '1.1.0', config: { COLOUR: 'red' } } }],
    ['an unknown environment', 'InvalidRequest', { release: { version: '1.1.0' }, to: 'canary' }],
  ])('is refused for %s', (_title, code, request) => {
    expect(() => admit(ship(ledgerOf(), '1.1.0').ledger, request, now)).toThrow(expect.objectContaining({ code }));
  });
});

describe('environments that are busy', () => {
  it('let the next one wait by default, behind whoever is last in line for them', () => {
    const two = start(start(ledgerOf(sydneyOnly), '1.1.0'), '1.2.0');
    expect(two).toMatchObject({ locks: { staging: 'shop-1', production: 'shop-1' }, queue: [{ rollout: 'shop-2', behind: 'shop-1' }] });
    expect(ship(two, '1.3.0').rollout.behind).toBe('shop-2');
  });

  it('refuse the next one where the policy says so, naming who comes first', () => {
    const busy = start(ledgerOf({ ...sydneyOnly, policy: { overlap: 'reject' } }), '1.1.0');
    expect(() => ship(busy, '1.2.0')).toThrow(expect.objectContaining({
      code: 'EnvironmentBusy', message: 'shop-1 comes first in staging or production, and policy.overlap is reject. Wait for it, or end it.',
    }));
    expect(() => ship(endRollout(busy, 'shop-1'), '1.2.0')).not.toThrow();
  });

  it('refuse it even while the first one has not begun: two that come together are not both let in', () => {
    const { ledger } = ship(ledgerOf({ ...sydneyOnly, policy: { overlap: 'reject' } }), '1.1.0');
    expect(() => ship(ledger, '1.2.0')).toThrow(expect.objectContaining({ code: 'EnvironmentBusy' }));
  });

  it('refuse the next one when a hundred already wait', () => {
    const line = Array.from({ length: 101 }).reduce<PipelineLedger>((ledger, _each, index) => start(ledger, `1.${index}.0`), ledgerOf(sydneyOnly));
    expect(line.queue).toHaveLength(100);
    expect(() => ship(line, '2.0.0')).toThrow(expect.objectContaining({
      code: 'EnvironmentBusy', message: '100 rollouts already wait in line, the last one behind shop-100. Abort some first.',
    }));
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
