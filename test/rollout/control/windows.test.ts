import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Hours, WindowGate, Weekday, type Hours as HoursShape } from '../../../src/rollout/schema/gate.js';
import { hoursOf, windowAt } from '../../../src/rollout/control/windows.js';

/** `01:00-05:00`, or `fri,sat 22:00-04:00`. */
function hours(text: string): HoursShape {
  const [times, days] = text.split(' ').toReversed();
  const [from, to] = times!.split('-');
  return Hours.parse({ from, to, ...(days && { days: days.split(',') }) });
}

/** `open until …`, `shut until …`, in UTC and without seconds. */
function stateAt(window: string, timezone: string, at: string): string {
  const { isOpen, changesAtMs } = windowAt(hours(window), timezone, Date.parse(at));
  return `${isOpen ? 'open' : 'shut'} until ${new Date(changesAtMs).toISOString().replace(':00.000Z', 'Z')}`;
}

describe('a window on an ordinary day', () => {
  it.each([
    ['01:00-05:00', 'Europe/Berlin', '2026-11-20T23:59Z', 'shut until 2026-11-21T00:00Z'],
    ['01:00-05:00', 'Europe/Berlin', '2026-11-21T00:00Z', 'open until 2026-11-21T04:00Z'],
    ['01:00-05:00', 'Europe/Berlin', '2026-11-21T03:59Z', 'open until 2026-11-21T04:00Z'],
    ['01:00-05:00', 'Europe/Berlin', '2026-11-21T04:00Z', 'shut until 2026-11-22T00:00Z'],
    ['01:00-05:00', 'Asia/Kolkata', '2026-11-21T04:00Z', 'shut until 2026-11-21T19:30Z'],
    ['01:00-05:00', 'Asia/Kathmandu', '2026-11-21T19:15Z', 'open until 2026-11-21T23:15Z'],
  ])('opens at its first minute and is shut from its last on: %s in %s at %s', (window, timezone, at, state) => {
    expect(stateAt(window, timezone, at)).toBe(state);
  });

  it('is judged to the millisecond', () => {
    expect(windowAt(hours('01:00-05:00'), 'UTC', Date.parse('2026-11-21T00:59:59.999Z'))).toEqual({ isOpen: false, changesAtMs: Date.parse('2026-11-21T01:00Z') });
    expect(windowAt(hours('01:00-05:00'), 'UTC', Date.parse('2026-11-21T04:59:59.999Z'))).toEqual({ isOpen: true, changesAtMs: Date.parse('2026-11-21T05:00Z') });
  });

  it('opens on its own days only, by the calendar there', () => {
    // The 21st of November 2026 is a Saturday; in Sydney the Sunday begins eleven hours before that of London.
    expect(stateAt('sun 01:00-05:00', 'Australia/Sydney', '2026-11-21T14:00Z')).toBe('open until 2026-11-21T18:00Z');
    expect(stateAt('sun 01:00-05:00', 'Europe/London', '2026-11-21T14:00Z')).toBe('shut until 2026-11-22T01:00Z');
    expect(stateAt('mon,fri 09:00-17:00', 'UTC', '2026-11-20T17:00Z')).toBe('shut until 2026-11-23T09:00Z');
  });
});

describe('a window over midnight', () => {
  it('belongs to the day on which it opens, the small hours after it too', () => {
    expect(stateAt('fri 22:00-04:00', 'UTC', '2026-11-20T02:00Z')).toBe('shut until 2026-11-20T22:00Z');
    expect(stateAt('fri 22:00-04:00', 'UTC', '2026-11-20T22:00Z')).toBe('open until 2026-11-21T04:00Z');
    expect(stateAt('fri 22:00-04:00', 'UTC', '2026-11-21T03:59Z')).toBe('open until 2026-11-21T04:00Z');
    expect(stateAt('fri 22:00-04:00', 'UTC', '2026-11-21T22:00Z')).toBe('shut until 2026-11-27T22:00Z');
  });

  it('goes through from night to night only where its hours touch', () => {
    expect(stateAt('sat,sun 20:00-00:00', 'UTC', '2026-11-21T20:00Z')).toBe('open until 2026-11-22T00:00Z');
    expect(stateAt('20:00-19:00', 'UTC', '2026-11-21T18:00Z')).toBe('open until 2026-11-21T19:00Z');
  });
});

// Clocks go forward, and hours are left out; clocks go back, and hours come twice. Each row says what the wall clock does.
describe('a window over a change of the clocks', () => {
  it.each([
    ['Berlin forward, 02:00 → 03:00: a night of three hours', '01:00-05:00', 'Europe/Berlin', '2026-03-29T00:00Z', 'open until 2026-03-29T03:00Z'],
    ['Berlin back, 03:00 → 02:00: a night of five hours', '01:00-05:00', 'Europe/Berlin', '2026-10-24T23:00Z', 'open until 2026-10-25T04:00Z'],
    ['Berlin forward: hours that are left out do not come that day', '02:00-03:00', 'Europe/Berlin', '2026-03-29T00:30Z', 'shut until 2026-03-30T00:00Z'],
    ['Berlin back: hours that come twice are open twice', '02:00-03:00', 'Europe/Berlin', '2026-10-25T00:00Z', 'open until 2026-10-25T02:00Z'],
    ['Berlin forward into a window', '02:30-04:00', 'Europe/Berlin', '2026-03-29T00:59Z', 'shut until 2026-03-29T01:00Z'],
    ['Berlin forward out of a window', '01:00-02:30', 'Europe/Berlin', '2026-03-29T00:00Z', 'open until 2026-03-29T01:00Z'],
    ['Berlin back, before the clocks change', '01:00-02:30', 'Europe/Berlin', '2026-10-24T23:00Z', 'open until 2026-10-25T00:30Z'],
    ['Berlin back into a window that was over', '01:00-02:30', 'Europe/Berlin', '2026-10-25T00:30Z', 'shut until 2026-10-25T01:00Z'],
    ['Berlin back, after the clocks have changed', '01:00-02:30', 'Europe/Berlin', '2026-10-25T01:00Z', 'open until 2026-10-25T01:30Z'],
    ['London forward, 01:00 → 02:00', '01:00-02:00', 'Europe/London', '2026-03-29T00:30Z', 'shut until 2026-03-30T00:00Z'],
    ['London back, 02:00 → 01:00', '01:00-02:00', 'Europe/London', '2026-10-25T00:00Z', 'open until 2026-10-25T02:00Z'],
    ['New York forward, 02:00 → 03:00, over midnight', '22:00-02:00', 'America/New_York', '2026-03-08T03:00Z', 'open until 2026-03-08T07:00Z'],
    ['New York back, 02:00 → 01:00, over midnight', '22:00-02:00', 'America/New_York', '2026-11-01T02:00Z', 'open until 2026-11-01T07:00Z'],
    ['New York back, on the Saturday before', 'sat 22:00-02:00', 'America/New_York', '2026-11-01T06:30Z', 'open until 2026-11-01T07:00Z'],
    ['Sydney forward, 02:00 → 03:00', '01:00-05:00', 'Australia/Sydney', '2026-10-03T15:00Z', 'open until 2026-10-03T18:00Z'],
    ['Sydney back, 03:00 → 02:00', '01:00-05:00', 'Australia/Sydney', '2026-04-04T14:00Z', 'open until 2026-04-04T19:00Z'],
    ['Lord Howe forward by half an hour, 02:00 → 02:30', '02:00-02:30', 'Australia/Lord_Howe', '2026-10-03T15:00Z', 'shut until 2026-10-04T15:00Z'],
    ['Lord Howe back by half an hour, 02:00 → 01:30', '01:30-02:00', 'Australia/Lord_Howe', '2026-04-04T14:30Z', 'open until 2026-04-04T15:30Z'],
    ['Santiago forward at midnight, 00:00 → 01:00', '00:00-00:30', 'America/Santiago', '2026-09-06T03:59Z', 'shut until 2026-09-07T03:00Z'],
    ['Santiago forward, its only hour of the week', 'sun 00:00-01:00', 'America/Santiago', '2026-08-30T05:00Z', 'shut until 2026-09-13T03:00Z'],
    ['Santiago back at midnight, 00:00 → 23:00', '23:00-00:00', 'America/Santiago', '2026-04-05T02:00Z', 'open until 2026-04-05T04:00Z'],
  ])('%s', (_title, window, timezone, at, state) => {
    expect(stateAt(window, timezone, at)).toBe(state);
  });
});

describe('a window on the leap day', () => {
  it.each([
    ['tue 10:00-11:00', 'UTC', '2028-02-28T12:00Z', 'shut until 2028-02-29T10:00Z'],
    ['mon 23:00-01:00', 'UTC', '2028-02-29T00:30Z', 'open until 2028-02-29T01:00Z'],
    ['tue 23:00-01:00', 'Asia/Tokyo', '2028-02-29T15:30Z', 'open until 2028-02-29T16:00Z'],
    ['wed 00:00-01:00', 'UTC', '2028-02-29T23:59Z', 'shut until 2028-03-01T00:00Z'],
  ])('knows its weekday: %s in %s at %s', (window, timezone, at, state) => {
    expect(stateAt(window, timezone, at)).toBe(state);
  });
});

describe('any window', () => {
  const zones = ['Europe/Berlin', 'Europe/London', 'America/New_York', 'America/Santiago', 'Australia/Sydney', 'Australia/Lord_Howe', 'Pacific/Chatham', 'Africa/Casablanca', 'Asia/Kathmandu', 'UTC'];
  const time = fc.tuple(fc.nat(23), fc.constantFrom(0, 1, 15, 30, 59)).map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);
  const someHours = fc.record({ from: time, to: time, days: fc.option(fc.subarray(Weekday.options, { minLength: 1 }), { nil: undefined }) })
    .filter(({ from, to }) => from !== to).map((value) => Hours.parse(value));
  const moments = fc.date({ min: new Date('2025-01-01T00:00Z'), max: new Date('2029-01-01T00:00Z'), noInvalidDate: true }).map(Number);

  /** Open by the words of decision 014, read off a clock of the system's own. */
  function isOpenByWallClock({ from, to, days = Weekday.options }: HoursShape, timezone: string, atMs: number): boolean {
    const wall = new Intl.DateTimeFormat('en-GB', { timeZone: timezone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).formatToParts(atMs);
    const part = (type: string): string => wall.find((each) => each.type === type)!.value;
    const now = `${part('hour')}:${part('minute')}`;
    const today = Weekday.options.indexOf(Weekday.parse(part('weekday').toLowerCase()));
    const opensToday = days.includes(Weekday.options[today]!);
    const openedYesterday = days.includes(Weekday.options[(today + 6) % 7]!);
    if (from < to) return opensToday && now >= from && now < to;
    return (opensToday && now >= from) || (openedYesterday && now < to);
  }

  it('is open exactly when the clock on the wall is within its hours', () => {
    fc.assert(fc.property(someHours, fc.constantFrom(...zones), moments, (window, timezone, atMs) => {
      expect(windowAt(window, timezone, atMs).isOpen).toBe(isOpenByWallClock(window, timezone, atMs));
    }), { numRuns: 500 });
  });

  it('stays as it is until the moment that it names, and changes there', () => {
    fc.assert(fc.property(someHours, fc.constantFrom(...zones), moments, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }), (window, timezone, atMs, shares) => {
      const { isOpen, changesAtMs } = windowAt(window, timezone, atMs);
      expect(changesAtMs).toBeGreaterThan(atMs);
      expect(isOpenByWallClock(window, timezone, changesAtMs)).toBe(!isOpen);
      for (const betweenMs of [changesAtMs - 1, ...shares.map((share) => atMs + Math.floor(share * (changesAtMs - 1 - atMs)))]) {
        expect(isOpenByWallClock(window, timezone, betweenMs)).toBe(isOpen);
      }
    }), { numRuns: 300 });
  });

  it('refuses a moment or a zone that is none, instead of searching for ever', () => {
    expect(() => windowAt(hours('01:00-05:00'), 'UTC', Number.NaN)).toThrow('no change of the window 01:00 to 05:00 in UTC after NaN');
    expect(() => windowAt(hours('01:00-05:00'), 'Mars/Olympus', 0)).toThrow(RangeError);
  });
});

describe('the hours of a gate', () => {
  const gate = (changes: Record<string, unknown>): WindowGate => WindowGate.parse({ name: 'quiet-hours', type: 'window', ...changes });
  const siesta = hours('mon,tue 13:00-15:00');

  it('are its own, with its days', () => {
    expect(hoursOf(gate({ from: '22:00', to: '04:00' }), siesta)).toEqual({ from: '22:00', to: '04:00' });
    expect(hoursOf(gate({ from: '22:00', to: '04:00', days: ['fri'] }), null)).toEqual({ from: '22:00', to: '04:00', days: ['fri'] });
  });

  it('are the off-peak hours of the region where it asks for those', () => {
    expect(hoursOf(gate({ offPeak: true }), siesta)).toBe(siesta);
  });

  it('are none where there is no region: the gate cannot be asked', () => {
    expect(() => hoursOf(gate({ offPeak: true }), null)).toThrow('quiet-hours wants off-peak hours, which only a region has. Give it from, to and timezone.');
  });
});
