import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { durationMs, formatDuration, parseDuration } from '../../src/rollout/duration.js';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

describe('reading a duration', () => {
  it.each([
    ['0s', 0], ['250ms', 250], ['30s', 30 * second], ['45m', 45 * minute], ['2h', 2 * hour], ['1d', day], ['1.5h', 90 * minute],
    ['PT30S', 30 * second], ['PT0.25S', 250], ['PT1H30M', 90 * minute], ['P2D', 2 * day], ['P1DT12H', 36 * hour],
  ])('%s is %i ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
    expect(durationMs(text)).toBe(ms);
  });

  it.each(['', '30', 's', '30 s', '30S', '1h30m', '-5s', '+5s', '.5s', '1e3s', '1w', 'P', 'PT', 'P1DT', 'P1Y', 'P1M', 'PT1D', 'pt1h', '1H', '30s\n'])(
    '%j is no duration',
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
      expect(() => durationMs(text)).toThrow(RangeError);
    },
  );

  it('reads the short form and ISO 8601 alike', () => {
    fc.assert(fc.property(fc.nat(100_000), fc.constantFrom(['s', 'PT%S'], ['m', 'PT%M'], ['h', 'PT%H'], ['d', 'P%D']), (count, [unit, iso]) => {
      expect(parseDuration(iso.replace('%', String(count)))).toBe(parseDuration(`${count}${unit}`));
    }));
  });
});

describe('writing a duration', () => {
  it.each([
    [0, '0s'], [0.4, '0s'], [1, '1ms'], [999, '999ms'], [999.9, '999ms'], [second, '1s'], [59_999, '59s'], [4.5 * minute, '4m 30s'], [2 * hour, '2h'],
    [hour + 59 * second, '1h'], [30 * hour, '1d 6h'], [400 * day, '400d'], [-5, '0s'],
  ])('%d ms is %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  const read = (text: string): number => text.split(' ').reduce((total, part) => total + durationMs(part), 0);

  it('comes back as it was, wherever two units are enough', () => {
    const units = fc.constantFrom<[number, number, number]>([day, hour, 23], [hour, minute, 59], [minute, second, 59]);
    fc.assert(fc.property(fc.nat(1_000), units, fc.nat(59), (count, [large, small, most], rest) => {
      const ms = (count % 23) * large + Math.min(rest, most) * small;
      expect(read(formatDuration(ms))).toBe(ms);
    }));
  });

  it('never promises more time than there is, and leaves out less than one of the smaller unit', () => {
    fc.assert(fc.property(fc.integer({ min: second, max: 1_000 * day }), (ms) => {
      const written = read(formatDuration(ms));
      expect(written).toBeLessThanOrEqual(ms);
      expect(ms - written).toBeLessThan(ms < hour ? second : ms < day ? minute : hour);
    }));
  });
});
