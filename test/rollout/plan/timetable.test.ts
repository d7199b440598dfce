import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freezesAt } from '../../../src/rollout/control/freezes.js';
import { placeKey } from '../../../src/rollout/places.js';
import type { Freeze, FreezeScope } from '../../../src/rollout/schema/freeze.js';
import { Timetable } from '../../../src/rollout/schema/plan.js';
import type { ShipOptions } from '../../../src/rollout/schema/ship.js';
import { gatesAt } from '../../../src/rollout/document/settings.js';
import { tailorDocument } from '../../../src/rollout/plan/tailor.js';
import { timetable, type TimetableQuestion } from '../../../src/rollout/plan/timetable.js';
import { hoursOf, windowAt } from '../../../src/rollout/control/windows.js';
import { ask, covered } from './ask-plan.js';
import { shipOptions, shop } from '../sample-document.js';

const minute = 60_000;
const now = '2026-11-21T10:00:00.000Z';
const nowMs = Date.parse(now);
const production = (changes: object = {}) => ({ soak: { min: '30m', max: '2h' }, lifecycle: [{ environment: 'production', ...changes }] });

interface Case extends Partial<Omit<TimetableQuestion, 'document' | 'plan'>> {
  options?: Partial<ShipOptions>;
}
function timesOf(changes: Record<string, unknown>, { options, ...question }: Case = {}): Timetable {
  const document = tailorDocument(shop(changes), shipOptions(options));
  return timetable({ document, plan: ask({ document, ...(options && { options }) }), nowMs, freezes: [], deployMs: {}, ...question });
}
/** `sydney 10:00 10:31`: from when to when, in hours and minutes of the day in UTC. */
const rows = ({ regions }: Timetable): string[] =>
  regions.map(({ region, tenant, start, end }) => `${[region, tenant].filter(Boolean).join('/')} ${start.slice(11, 16)} ${end.slice(11, 16)}`);

const freeze = (name: string, from: string, to: string | null, scope: FreezeScope = 'all'): Freeze =>
  ({ name, holds: [{ owner: 'ana', scope, from, to, reason: 'sale', by: 'ana', at: now }] });

describe('a timetable', () => {
  it('has a row for each place: when it starts, when its soak is over, and how long its deploy takes', () => {
    const table = timesOf(production());
    expect(rows(table)).toEqual(['sydney 10:00 10:31', 'frankfurt 10:31 11:02', 'virginia 11:02 11:33']);
    expect(table).toMatchObject({ start: now, end: '2026-11-21T11:33:00.000Z', latest: '2026-11-21T16:03:00.000Z' });
    expect(table.regions[0]).toEqual({
      environment: 'production', region: 'sydney', start: now, end: '2026-11-21T10:31:00.000Z', deployMs: minute, isGuess: true,
    });
    expect(Timetable.strict().parse(table)).toEqual(table);
  });

  it('begins when the rollout is to start, or now when that is over', () => {
    expect(timesOf(production(), { startAtMs: nowMs + 90 * minute }).start).toBe('2026-11-21T11:30:00.000Z');
    expect(timesOf(production(), { startAtMs: nowMs - minute }).start).toBe(now);
  });

  it('begins and ends at once where nothing is to be done', () => {
    const document = shop();
    expect(timetable({ document, plan: { ...ask({ document }), phases: [] }, nowMs, freezes: [], deployMs: {} })).toEqual({ start: now, end: now, latest: now, regions: [] });
  });

  it('takes phases one after the other', () => {
    const table = timesOf({ soak: { min: '30m', max: '2h' }, lifecycle: [{ environment: 'staging', waves: [['frankfurt']], soak: { min: '5m' } }, { environment: 'production', waves: 'all' }] });
    expect(rows(table)).toEqual(['frankfurt 10:00 10:06', 'sydney 10:06 10:37', 'frankfurt 10:06 10:37', 'virginia 10:06 10:37']);
  });

  it('takes so many regions of a wave at once as the wave says: the next one where one is done first', () => {
    const deployMs = { 'production/sydney': [20 * minute], 'production/frankfurt': [5 * minute], 'production/virginia': [minute] };
    expect(rows(timesOf(production({ waves: { order: 'rolling', concurrency: 2 } }), { deployMs }))).toEqual([
      'sydney 10:00 10:50', 'frankfurt 10:00 10:35', 'virginia 10:35 11:06',
    ]);
  });

  it('takes tenants of one region in sequence or together', () => {
    const tenants = { acme: { regions: ['sydney'] }, globex: { regions: ['sydney'] } };
    const one = { waves: [['sydney', 'frankfurt']] };
    expect(rows(timesOf({ ...production(one), tenants }))).toEqual(['sydney/acme 10:00 10:31', 'sydney/globex 10:31 11:02', 'frankfurt 10:00 10:31']);
    expect(rows(timesOf({ ...production({ ...one, tenants: 'together' }), tenants }))).toEqual([
      'sydney/acme 10:00 10:31', 'sydney/globex 10:00 10:31', 'frankfurt 10:00 10:31',
    ]);
  });

  it('counts the way there, back and there again of a rehearsal, in the first wave of a phase', () => {
    expect(rows(timesOf(production(), { options: { rehearse: true } })).slice(0, 2)).toEqual(['sydney 10:00 10:33', 'frankfurt 10:33 11:04']);
  });
});

describe('the expected time of a deploy', () => {
  const times = (deployMs: Record<string, number[]>) =>
    timesOf(production(), { deployMs }).regions.map(({ region, deployMs: ms, isGuess }) => [region, ms / minute, isGuess]);

  it('is the middle of those that were seen there, so that one slow deploy does not move it', () => {
    expect(times({ 'production/sydney': [2 * minute, 99 * minute, 3 * minute] })[0]).toEqual(['sydney', 3, false]);
  });

  it('is a guess after the other places where none was seen, and a minute where none was seen at all', () => {
    expect(times({ 'production/sydney': [4 * minute], 'staging/sydney': [2 * minute, 4 * minute] })).toEqual([['sydney', 4, false], ['frankfurt', 4, true], ['virginia', 4, true]]);
    expect(times({})).toEqual([['sydney', 1, true], ['frankfurt', 1, true], ['virginia', 1, true]]);
  });
});

describe('windows in a timetable', () => {
  const regions = {
    sydney: { weight: 5, timezone: 'Australia/Sydney' }, frankfurt: { weight: 30, timezone: 'Europe/Berlin', offPeak: { from: '22:00', to: '23:00' } },
  };
  const quiet = { name: 'quiet', type: 'window', from: '01:00', to: '05:00' };

  it('let each region start in its own time', () => {
    const table = timesOf({ ...production({ waves: 'all', regionGates: [quiet] }), regions });
    expect(table.regions).toMatchObject([
      { region: 'sydney', start: '2026-11-21T14:00:00.000Z', waits: 'quiet, 01:00 to 05:00 in Australia/Sydney' },
      { region: 'frankfurt', start: '2026-11-22T00:00:00.000Z', waits: 'quiet, 01:00 to 05:00 in Europe/Berlin' },
    ]);
    expect(table.end).toBe('2026-11-22T00:31:00.000Z');
  });

  it('with a time zone of their own mean that one everywhere', () => {
    const table = timesOf({ ...production({ waves: 'all', regionGates: [{ ...quiet, timezone: 'America/New_York' }] }), regions });
    expect(table.regions.map(({ start }) => start)).toEqual(['2026-11-22T06:00:00.000Z', '2026-11-22T06:00:00.000Z']);
  });

  it('make a region that misses its night wait for the next one', () => {
    const table = timesOf({ ...production({ soak: { min: '5h', max: '6h' }, regionGates: [quiet] }), regions: { ...regions, melbourne: { weight: 6, timezone: 'Australia/Sydney' } } });
    expect(table.regions.map(({ region, start }) => [region, start])).toEqual([
      ['sydney', '2026-11-21T14:00:00.000Z'], ['melbourne', '2026-11-22T14:00:00.000Z'], ['frankfurt', '2026-11-23T00:00:00.000Z'],
    ]);
  });

  it('are the night of each region for a rollout tonight', () => {
    const table = timesOf({ ...production({ waves: 'all' }), regions }, { options: { startAt: 'tonight' } });
    expect(table.regions).toMatchObject([
      { start: '2026-11-21T14:00:00.000Z', waits: 'tonight, 01:00 to 05:00 in Australia/Sydney' },
      { start: '2026-11-21T21:00:00.000Z', waits: 'tonight, 22:00 to 23:00 in Europe/Berlin' },
    ]);
  });

  it('before a phase or a wave hold all that is behind them', () => {
    const office = { ...quiet, name: 'office', from: '12:00', to: '17:00', days: ['sat'], timezone: 'UTC' };
    const table = timesOf(production({ gates: [office], waveGates: [{ ...office, name: 'noon', to: '13:00', days: undefined }] }));
    expect(table.regions.map(({ region, start }) => [region, start])).toEqual([
      ['sydney', '2026-11-21T12:00:00.000Z'], ['frankfurt', '2026-11-21T12:31:00.000Z'], ['virginia', '2026-11-22T12:00:00.000Z'],
    ]);
    expect(table.regions.map(({ waits }) => waits)).toEqual(['office, 12:00 to 17:00 on sat in UTC', undefined, 'noon, 12:00 to 13:00 in UTC']);
  });

  it('are named in the order in which a region waits for them', () => {
    const office = { ...quiet, name: 'office', from: '12:00', to: '17:00', timezone: 'UTC' };
    const table = timesOf({ ...production({ waves: 'all', gates: [office], regionGates: [quiet] }), regions });
    expect(table.regions[0]).toMatchObject({
      start: '2026-11-21T14:00:00.000Z', waits: 'office, 12:00 to 17:00 in UTC, then quiet, 01:00 to 05:00 in Australia/Sydney',
    });
  });

  it('that never open together are named, and not waited for', () => {
    const table = timesOf({ ...production({ regionGates: [quiet, { ...quiet, name: 'noon', from: '12:00', to: '13:00' }] }), regions: { sydney: regions.sydney } });
    expect(table.regions[0]).toMatchObject({
      start: now, waits: 'quiet, 01:00 to 05:00 in Australia/Sydney and noon, 12:00 to 13:00 in Australia/Sydney: never open together in the coming weeks',
    });
  });
});

describe('freezes in a timetable', () => {
  it('let nothing start that they cover', () => {
    const freezes = [freeze('sale', '2026-11-21T09:00:00.000Z', '2026-11-21T12:00:00.000Z', { regions: ['sydney'] })];
    const table = timesOf(production({ waves: 'all' }), { freezes });
    expect(rows(table)).toEqual(['sydney 12:00 12:31', 'frankfurt 10:00 10:31', 'virginia 10:00 10:31']);
    expect(table.regions[0]?.waits).toBe('the freeze sale, until 2026-11-21 12:00 UTC');
  });

  it('stop the clock of a soak', () => {
    const freezes = [freeze('sale', '2026-11-21T10:11:00.000Z', '2026-11-21T12:00:00.000Z'), freeze('audit', '2026-11-21T12:10:00.000Z', '2026-11-21T12:15:00.000Z')];
    expect(rows(timesOf(production({ waves: [['sydney', 'frankfurt', 'virginia']] }), { freezes }))[0]).toBe('sydney 10:00 12:25');
  });

  it('of other pipelines, or without an end, are not waited for; the table says that somebody must lift it', () => {
    const freezes = [freeze('sale', now, null), freeze('other', now, '2027-01-01T00:00:00.000Z', { pipelines: ['search'] })];
    const table = timesOf(production(), { freezes });
    expect(rows(table)).toEqual(['sydney 10:00 10:31', 'frankfurt 10:31 11:02', 'virginia 11:02 11:33']);
    expect(table.regions.map(({ waits }) => waits)).toEqual(['the freeze sale, until somebody lifts it', 'the freeze sale, until somebody lifts it', 'the freeze sale, until somebody lifts it']);
  });

  it('and windows are waited for until all let it start', () => {
    const freezes = [freeze('sale', now, '2026-11-21T13:30:00.000Z')];
    const noon = { name: 'noon', type: 'window', from: '12:00', to: '13:00' };
    expect(timesOf(production({ regionGates: [noon] }), { freezes }).regions[0]).toMatchObject({
      start: '2026-11-22T12:00:00.000Z', waits: 'noon, 12:00 to 13:00 in UTC, then the freeze sale, until 2026-11-21 13:30 UTC',
    });
  });
});

describe('every timetable', () => {
  const hour = fc.integer({ min: 0, max: 23 }).map((number) => `${String(number).padStart(2, '0')}:00`);
  const zones = fc.constantFrom('Australia/Sydney', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'UTC');
  const windows = fc.option(fc.tuple(hour, hour).filter(([from, to]) => from !== to).map(([from, to]) => ({ name: 'quiet', type: 'window', from, to })), { nil: undefined });
  const at = (minutes: number): string => new Date(nowMs + minutes * minute).toISOString();
  const scopes: FreezeScope[] = ['all', { regions: ['a'] }, { tenants: ['acme'] }];
  const spans = fc.tuple(fc.integer({ min: -1_000, max: 3_000 }), fc.integer({ min: 1, max: 2_000 }), fc.constantFrom(...scopes));
  const freezes = fc.array(spans, { maxLength: 3 }).map((list) =>
    list.map(([from, length, scope], index) => freeze(`freeze-${index}`, at(from), at(from + length), scope)));
  const documents = fc.record({
    zones: fc.array(zones, { minLength: 3, maxLength: 3 }), window: windows, tenants: fc.constantFrom('sequence', 'together'),
    waves: fc.constantFrom<unknown>('all', { order: 'smallest-first' }, { order: 'rolling', concurrency: 2 }), hasTenants: fc.boolean(),
  }).map(({ zones: [a, b, c], window, tenants, waves, hasTenants }) => shop({
    regions: { a: { weight: 1, timezone: a }, b: { weight: 2, timezone: b, pair: 'a' }, c: { weight: 3, timezone: c } },
    ...(hasTenants && { tenants: { acme: { regions: ['a', 'b'] }, globex: { regions: ['a'] } } }),
    soak: { min: '30m', max: '2h' },
    lifecycle: [{ environment: 'staging', waves }, { environment: 'production', waves, tenants, regionGates: window === undefined ? [] : [window] }],
  }));

  it('has each place once, starts nothing in a freeze or outside its window, and gives each its whole soak', () => {
    fc.assert(fc.property(documents, freezes, (document, frozen) => {
      const plan = ask({ document });
      const table = timetable({ document, plan, nowMs, freezes: frozen, deployMs: {} });
      expect(table.regions.map(placeKey)).toEqual(covered(plan));
      for (const { start, end, deployMs, environment, region, tenant } of table.regions) {
        const startMs = Date.parse(start);
        expect(freezesAt(frozen, { environment, region, tenant, pipeline: 'shop' }, startMs)).toEqual([]);
        expect(Date.parse(end) - startMs).toBeGreaterThanOrEqual(deployMs + 30 * minute);
        const windowGates = gatesAt(document, environment, 'region').filter((gate) => gate.type === 'window');
        const isOpen = windowGates.every((gate) => windowAt(hoursOf(gate, null), document.regions[region]!.timezone, startMs).isOpen);
        expect(isOpen).toBe(true);
      }
    }));
  });

  it('starts no wave before the one before it is over', () => {
    fc.assert(fc.property(documents, freezes, (document, frozen) => {
      const plan = ask({ document });
      const table = timetable({ document, plan, nowMs, freezes: frozen, deployMs: {} });
      const rowsOf = (count: number, from: number) => table.regions.slice(from, from + count);
      let [from, endMs] = [0, nowMs];
      for (const { regions } of plan.phases.flatMap(({ waves }) => waves)) {
        const wave = rowsOf(regions.length, from);
        for (const { start } of wave) expect(Date.parse(start)).toBeGreaterThanOrEqual(endMs);
        endMs = Math.max(...wave.map(({ end }) => Date.parse(end)));
        from += regions.length;
      }
      expect(table.end).toBe(new Date(endMs).toISOString());
      expect(Date.parse(table.latest)).toBeGreaterThanOrEqual(endMs);
    }));
  });
});
