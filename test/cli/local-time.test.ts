import { expect, it } from 'vitest';
import { localDate, localSpan, localTime } from '../../src/cli/local-time.js';

it('is the time by the clock on the wall of the reader', () => {
  expect(localTime('2026-11-21T23:30:00.000Z', 'UTC')).toBe('Sat 21 Nov 23:30');
  expect(localTime('2026-11-21T23:30:00.000Z', 'Australia/Sydney')).toBe('Sun 22 Nov 10:30');
  expect(localTime('2026-11-21T00:05:00.000Z', 'UTC')).toBe('Sat 21 Nov 00:05');
});

it('follows a change of the clocks', () => {
  expect(localTime('2026-03-29T00:59:00.000Z', 'Europe/Berlin')).toBe('Sun 29 Mar 01:59');
  expect(localTime('2026-03-29T01:00:00.000Z', 'Europe/Berlin')).toBe('Sun 29 Mar 03:00');
});

it('names the day of the end only when it is another one', () => {
  expect(localSpan('2026-11-21T12:00:00.000Z', '2026-11-21T12:40:00.000Z', 'UTC')).toBe('Sat 21 Nov 12:00 – 12:40');
  expect(localSpan('2026-11-21T23:40:00.000Z', '2026-11-22T00:20:00.000Z', 'UTC')).toBe('Sat 21 Nov 23:40 – Sun 22 Nov 00:20');
  expect(localSpan('2026-11-21T12:00:00.000Z', '2027-11-21T12:40:00.000Z', 'UTC')).toBe('Sat 21 Nov 12:00 – Sun 21 Nov 12:40');
});

it('names the year of what is shown for ever', () => {
  expect(localDate('2026-09-01T12:00:00.000Z', 'UTC')).toBe('1 Sep 2026 12:00');
});
