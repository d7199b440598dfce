import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MeridianFailure } from '../../../src/rollout/failure.js';
import { freezesAt, holdFreeze, liftFreeze, mayConcern, nextFreezeChange, pruneFreezes, type FrozenPlace } from '../../../src/rollout/control/freezes.js';
import { limits } from '../../../src/rollout/limits.js';
import { FreezeRequest, type Freeze, type FreezeHold, type FreezeScope } from '../../../src/rollout/schema/freeze.js';

const beginMs = Date.parse('2026-11-27T00:00Z');
const hourMs = 3_600_000;
/** The time `hours` after the beginning of Black Friday. */
const at = (hours: number): string => new Date(beginMs + hours * hourMs).toISOString();
const ms = (hours: number): number => beginMs + hours * hourMs;

const hold = (owner: string, from = 0, to: number | null = null, scope: FreezeScope = 'all'): FreezeHold =>
  ({ owner, scope, from: at(from), to: to === null ? null : at(to), reason: `wish of ${owner}`, by: owner, at: at(0) });
const freeze = (...holds: FreezeHold[]): Freeze => ({ name: 'black-friday', holds });
function codeOf(change: () => unknown): string | undefined {
  try {
    change();
    return undefined;
  } catch (error) {
    return (error as MeridianFailure).code;
  }
}
const sydney: FrozenPlace = { pipeline: 'shop', environment: 'production', region: 'sydney' };
const acme: FrozenPlace = { ...sydney, tenant: 'acme' };
const isFrozen = (freezes: Freeze[], place: FrozenPlace, hours: number): boolean => freezesAt(freezes, place, ms(hours)).length > 0;

describe('a freeze', () => {
  it('is in force from its first moment, and over at its last', () => {
    const freezes = [freeze(hold('ana', 1, 3))];
    expect([0.99, 1, 2.99, 3].map((hours) => isFrozen(freezes, sydney, hours))).toEqual([false, true, true, false]);
    expect(freezesAt(freezes, sydney, ms(2))).toEqual([{ name: 'black-friday', reason: 'wish of ana', owners: ['ana'], until: at(3) }]);
  });

  it('without an end lasts until somebody lifts it', () => {
    expect(freezesAt([freeze(hold('ana'))], sydney, ms(100_000))).toMatchObject([{ until: null }]);
  });

  it('lasts while anybody holds it, and names everybody who does', () => {
    const freezes = [freeze(hold('ana', 0, 2), hold('ben', 1, 5), hold('cem', 9, 10))];
    expect(freezesAt(freezes, sydney, ms(1))).toEqual([{ name: 'black-friday', reason: 'wish of ana; wish of ben', owners: ['ana', 'ben'], until: at(5) }]);
    expect(freezesAt(freezes, sydney, ms(3))).toMatchObject([{ owners: ['ben'], until: at(5) }]);
    expect(isFrozen(freezes, sydney, 5)).toBe(false);
  });

  it('ends when the last of the holds that follow each other without a gap has ended, whoever holds it by then', () => {
    expect(freezesAt([freeze(hold('cem', 4, 6), hold('ana', 0, 2), hold('ben', 2, 4))], sydney, ms(1))).toMatchObject([{ owners: ['ana'], until: at(6) }]);
    expect(freezesAt([freeze(hold('ana', 0, 2), hold('ben', 2))], sydney, ms(1))).toMatchObject([{ until: null }]);
  });
});

describe('the next change', () => {
  const freezes = [freeze(hold('ana', 1, 3), hold('ben', 5), hold('cem', 0, 2, { regions: ['oslo'] }))];

  it('is the next beginning or end of a hold on that place', () => {
    expect([0, 1, 2, 3].map((hours) => nextFreezeChange(freezes, sydney, ms(hours)))).toEqual([1, 3, 3, 5].map(ms));
    expect(nextFreezeChange(freezes, { ...sydney, region: 'oslo' }, ms(1))).toBe(ms(2));
  });

  it('is none where nothing begins or ends any more by itself: a timer that waits for ever is no timer', () => {
    expect(nextFreezeChange(freezes, sydney, ms(5))).toBeNull();
    expect(nextFreezeChange([], sydney, ms(0))).toBeNull();
  });
});

describe('the scope of a freeze', () => {
  const covers = (scope: FreezeScope, place: FrozenPlace): boolean => isFrozen([freeze(hold('ana', 0, null, scope))], place, 1);

  it.each<[string, FreezeScope, boolean, boolean]>([
    ['all', 'all', true, true],
    ['its pipeline', { pipelines: ['ledger', 'shop'] }, true, true],
    ['its environment', { environments: ['production'] }, true, true],
    ['its region', { regions: ['sydney'] }, true, true],
    ['its region, in another environment', { regions: ['sydney'], environments: ['staging'] }, false, false],
    ['its region and pipeline', { regions: ['sydney', 'oslo'], pipelines: ['shop'] }, true, true],
    ['another pipeline', { pipelines: ['ledger'] }, false, false],
    ['its tenant', { tenants: ['acme'] }, false, true],
    ['its tenant, elsewhere', { tenants: ['acme'], regions: ['oslo'] }, false, false],
  ])('takes a place in that is on every list given: %s', (_title, scope, region, tenant) => {
    expect([covers(scope, sydney), covers(scope, acme)]).toEqual([region, tenant]);
  });

  it('is that of each hold: one for all and one for a region are two', () => {
    const freezes = [freeze(hold('ana', 0, 2), hold('ben', 0, null, { regions: ['oslo'] }))];
    expect(freezesAt(freezes, sydney, ms(1))).toMatchObject([{ owners: ['ana'], until: at(2) }]);
    expect(freezesAt(freezes, { ...sydney, region: 'oslo' }, ms(1))).toMatchObject([{ owners: ['ana', 'ben'], until: null }]);
  });

  it('may concern a pipeline when one hold names it, or names none', () => {
    expect(mayConcern(freeze(hold('ana', 0, null, { regions: ['oslo'] })), 'shop')).toBe(true);
    expect(mayConcern(freeze(hold('ana')), 'shop')).toBe(true);
    expect(mayConcern(freeze(hold('ana', 0, null, { pipelines: ['ledger'] }), hold('ben', 0, null, { pipelines: ['shop'] })), 'shop')).toBe(true);
    expect(mayConcern(freeze(hold('ana', 0, null, { pipelines: ['ledger'] })), 'shop')).toBe(false);
  });
});

describe('holding a freeze', () => {
  const request = (changes: Record<string, unknown> = {}): FreezeRequest => FreezeRequest.parse({ scope: 'all', reason: 'Black Friday', ...changes });

  it('begins now and has no end unless it says so, and belongs to whoever sends it', () => {
    expect(holdFreeze([], { name: 'black-friday', request: request(), by: 'ana' }, at(0)))
      .toEqual([{ name: 'black-friday', holds: [{ owner: 'ana', scope: 'all', from: at(0), to: null, reason: 'Black Friday', by: 'ana', at: at(0) }] }]);
    expect(holdFreeze([], { name: 'black-friday', request: request({ owner: 'payments', from: '2026-11-28T02:00:00+02:00', to: '2026-11-30T00:00:00Z' }), by: 'ana' }, at(0)))
      .toMatchObject([{ holds: [{ owner: 'payments', by: 'ana', from: '2026-11-28T00:00:00.000Z', to: '2026-11-30T00:00:00.000Z' }] }]);
  });

  it('stands beside the holds of others, and in place of an own one', () => {
    const others = [{ ...freeze(hold('ana')), name: 'audit' }, freeze(hold('ana'), hold('ben'))];
    const after = holdFreeze(others, { name: 'black-friday', request: request({ owner: 'ana', to: at(9) }), by: 'cem' }, at(1));
    expect(after.map(({ name, holds }) => [name, ...holds.map(({ owner, by, to }) => `${owner}, ${by}, ${to}`)])).toEqual([
      ['audit', 'ana, ana, null'],
      ['black-friday', 'ben, ben, null', `ana, cem, ${at(9)}`],
    ]);
  });

  it('that would be over before it begins is refused', () => {
    const begun = { code: 'InvalidRequest', message: `The freeze black-friday would end at ${at(-1)}, before it begins. Give a later "to", or none to hold it until it is lifted.` };
    expect(() => holdFreeze([], { name: 'black-friday', request: request({ to: at(-1) }), by: 'ana' }, at(0))).toThrow(expect.objectContaining(begun));
    expect(() => holdFreeze([], { name: 'black-friday', request: request({ from: at(-2), to: at(-1) }), by: 'ana' }, at(0))).toThrow(expect.objectContaining(begun));
  });

  it('is refused where there are too many, unless it replaces one', () => {
    const full = [freeze(...Array.from({ length: limits.freezes }, (_each, index) => hold(`owner-${index}`)))];
    expect(() => holdFreeze(full, { name: 'one-more', request: request(), by: 'ana' }, at(0))).toThrow(expect.objectContaining({ code: 'InvalidRequest' }));
    expect(holdFreeze(full, { name: 'black-friday', request: request(), by: 'owner-7' }, at(0))[0]?.holds).toHaveLength(limits.freezes);
  });

  it('is refused where all of them would be too large to be handed to each region', () => {
    const regions = Array.from({ length: 200 }, (_each, index) => `region-with-quite-a-long-name-${index}`);
    const add = (all: Freeze[], owner: string): Freeze[] => holdFreeze(all, { name: 'black-friday', request: request({ scope: { regions }, owner }), by: 'ana' }, at(0));
    const full = Array.from({ length: 9 }, (_each, index) => `owner-${index}`).reduce(add, []);
    expect(() => add(full, 'one-more')).toThrow(
      /^With this hold all freezes would have 10 holds in 7\d{4} bytes; kept are at most 200 in 65536\. Lift one that is not needed any more, or give a shorter scope or reason\.$/,
    );
  });
});

describe('lifting a freeze', () => {
  const held = [freeze(hold('ana'), hold('ben')), { ...freeze(hold('ana')), name: 'audit' }];

  it('takes one hold away: the freeze stands while somebody else holds it', () => {
    const after = liftFreeze(held, { name: 'black-friday', owner: 'ana' });
    expect(after).toEqual([freeze(hold('ben')), held[1]]);
    expect(isFrozen(after.slice(0, 1), sydney, 1)).toBe(true);
    expect(liftFreeze(after, { name: 'black-friday', owner: 'ben' })).toEqual([held[1]]);
  });

  it('takes every hold of it away with `*`, and leaves other freezes alone', () => {
    expect(liftFreeze(held, { name: 'black-friday', owner: '*' })).toEqual([held[1]]);
  });

  it('is refused where there is nothing to lift, and says who holds what', () => {
    expect(() => liftFreeze(held, { name: 'black-friday', owner: 'cem' }))
      .toThrow(expect.objectContaining({ code: 'FreezeNotFound', message: 'cem does not hold the freeze black-friday; held by ana, ben.' }));
    expect(() => liftFreeze(held, { name: 'easter', owner: '*' }))
      .toThrow(expect.objectContaining({ code: 'FreezeNotFound', message: 'There is no freeze easter; there are: black-friday, audit.' }));
    expect(() => liftFreeze([], { name: 'easter', owner: 'ana' })).toThrow('There is no freeze easter; there are: none.');
  });
});

it('holds that are over are forgotten, and freezes that nobody holds any more with them', () => {
  const freezes = [freeze(hold('ana', 0, 2), hold('ben', 0, 3)), { ...freeze(hold('ana', 0, 1)), name: 'audit' }, { ...freeze(hold('ana', 5)), name: 'later' }];
  expect(pruneFreezes(freezes, ms(1))).toEqual([freezes[0], freezes[2]]);
  expect(pruneFreezes(freezes, ms(2))).toEqual([freeze(hold('ben', 0, 3)), freezes[2]]);
});

// Random holds on a grid of whole hours, so that a model can simply look at every hour.
describe('whatever is frozen', () => {
  const horizon = 30;
  const hoursOfDay = Array.from({ length: horizon }, (_each, index) => index);
  const names = <T extends string>(...all: T[]) => fc.option(fc.subarray(all, { minLength: 1 }), { nil: undefined });
  const scopes: fc.Arbitrary<FreezeScope> = fc.oneof(
    fc.constant('all' as const),
    fc.record({ pipelines: names('shop', 'ledger'), environments: names('staging', 'production'), regions: names('sydney', 'oslo'), tenants: names('acme', 'zeta') })
      .map((lists) => Object.fromEntries(Object.entries(lists).filter(([, list]) => list !== undefined)) as FreezeScope),
  );
  const holds = fc.record({ owner: fc.constantFrom('ana', 'ben', 'cem'), scope: scopes, from: fc.nat(20), lasts: fc.option(fc.integer({ min: 1, max: 8 })) })
    .map(({ owner, scope, from, lasts }) => hold(owner, from, lasts === null ? null : from + lasts, scope));
  const freezes = fc.array(fc.tuple(fc.constantFrom('audit', 'black-friday'), fc.array(holds, { minLength: 1, maxLength: 4 })).map(([name, of]) => ({ name, holds: of })), { maxLength: 3 });
  const places: fc.Arbitrary<FrozenPlace> = fc.record({
    pipeline: fc.constantFrom('shop', 'ledger'), environment: fc.constantFrom('staging', 'production'), region: fc.constantFrom('sydney', 'oslo'),
    tenant: fc.constantFrom(undefined, 'acme', 'zeta'),
  });

  /** The model: one hold, one hour, one place. */
  function holdsPlace({ scope, from, to }: FreezeHold, place: FrozenPlace, hour: number): boolean {
    if (at(hour) < from || (to !== null && at(hour) >= to)) return false;
    if (scope === 'all') return true;
    const asked = [[scope.pipelines, place.pipeline], [scope.environments, place.environment], [scope.regions, place.region], [scope.tenants, place.tenant]] as const;
    return asked.every(([list, name]) => list === undefined || (list as (string | undefined)[]).includes(name));
  }
  const isHeld = (all: Freeze[], place: FrozenPlace, hour: number): boolean => all.some((each) => each.holds.some((one) => holdsPlace(one, place, hour)));

  /** As a workflow waits: from one change to the next, never by the hour. Infinity when it would wait for ever. */
  function firstStart(all: Freeze[], place: FrozenPlace, readyMs: number): number {
    let nowMs = readyMs;
    while (freezesAt(all, place, nowMs).length > 0) {
      const next = nextFreezeChange(all, place, nowMs);
      if (next === null) return Infinity;
      nowMs = next;
    }
    return nowMs;
  }

  it('nothing starts in its scope, and what is ready starts in the first moment in which nobody holds it', () => {
    fc.assert(fc.property(freezes, places, fc.nat(horizon - 1), (all, place, ready) => {
      const model = Array.from({ length: 60 }, (_each, index) => ready + index).find((hour) => !isHeld(all, place, hour));
      expect(firstStart(all, place, ms(ready))).toBe(model === undefined ? Infinity : ms(model));
    }), { numRuns: 500 });
  });

  it('a soak keeps what it has been credited, and is credited the rest afterwards, to the hour', () => {
    fc.assert(fc.property(freezes, places, fc.integer({ min: 1, max: 10 }), (all, place, soakHours) => {
      let [nowMs, leftMs] = [ms(0), soakHours * hourMs];
      while (leftMs > 0 && nowMs < ms(horizon)) {
        const runs = freezesAt(all, place, nowMs).length === 0;
        const untilMs = Math.min(nextFreezeChange(all, place, nowMs) ?? Infinity, ms(horizon), runs ? nowMs + leftMs : Infinity);
        if (runs) leftMs -= untilMs - nowMs;
        nowMs = untilMs;
      }
      const free = hoursOfDay.filter((hour) => !isHeld(all, place, hour));
      expect(leftMs / hourMs).toBe(Math.max(0, soakHours - free.length));
      expect(nowMs).toBe(leftMs > 0 ? ms(horizon) : ms(free[soakHours - 1]! + 1));
    }), { numRuns: 500 });
  });

  it('ends there at the moment that it names, and not before', () => {
    fc.assert(fc.property(freezes, places, fc.nat(horizon - 1), (all, place, hour) => {
      for (const one of all) {
        const active = freezesAt([one], place, ms(hour));
        expect(active.flatMap(({ owners }) => owners)).toEqual(one.holds.filter((each) => holdsPlace(each, place, hour)).map(({ owner }) => owner));
        const free = Array.from({ length: 60 }, (_each, index) => hour + index).find((later) => !isHeld([one], place, later));
        expect(active.map(({ until }) => until)).toEqual(active.map(() => (free === undefined ? null : at(free))));
      }
    }), { numRuns: 300 });
  });

  it('somebody holds it or it is gone: holds come and go in any order', () => {
    const whyNot = FreezeRequest.parse({ scope: 'all', reason: 'why not' });
    const step = fc.record({ name: fc.constantFrom('audit', 'black-friday'), owner: fc.constantFrom('ana', 'ben', 'cem'), lifts: fc.boolean() });
    fc.assert(fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const model = new Map<string, Set<string>>([['audit', new Set()], ['black-friday', new Set()]]);
      let all: Freeze[] = [];
      for (const { name, owner, lifts } of steps) {
        const holders = model.get(name)!;
        const isRefused = lifts && !holders.delete(owner);
        if (!lifts) holders.add(owner);
        const change = (): Freeze[] => (lifts ? liftFreeze(all, { name, owner }) : holdFreeze(all, { name, request: whyNot, by: owner }, at(0)));
        expect(codeOf(change)).toBe(isRefused ? 'FreezeNotFound' : undefined);
        if (!isRefused) all = change();
        expect(Object.fromEntries(all.map((each) => [each.name, each.holds.map((one) => one.owner).toSorted()])))
          .toEqual(Object.fromEntries([...model].filter(([, owners]) => owners.size > 0).map(([each, owners]) => [each, [...owners].toSorted()])));
        expect(isFrozen(all, sydney, 1)).toBe([...model.values()].some((owners) => owners.size > 0));
      }
    }));
  });

  it('is seen by every pipeline that it holds: no place is frozen by what may not concern its pipeline', () => {
    fc.assert(fc.property(freezes, places, fc.nat(horizon - 1), (all, place, hour) => {
      const told = all.filter((each) => mayConcern(each, place.pipeline));
      expect(freezesAt(told, place, ms(hour))).toEqual(freezesAt(all, place, ms(hour)));
    }));
  });
});
