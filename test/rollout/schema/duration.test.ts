import { describe, expect, it } from 'vitest';
import { Duration, LookInterval, PositiveDuration } from '../../../src/rollout/schema/duration.js';

const problems = (schema: typeof Duration, text: unknown): string[] => schema.safeParse(text).error?.issues.map(({ message }) => message) ?? [];

describe('a duration in a document', () => {
  it.each(['0s', '250ms', '30s', '45m', '2h', '1d', '1.5h', 'PT1H30M', 'P2D', '30d'])('may be %s', (text) => {
    expect(Duration.parse(text)).toBe(text);
  });

  it.each(['', '30', 'soon', '-5s', '1h30m', '30 s', 'P1M'])('is not %j, and the refusal says how to write it', (text) => {
    expect(problems(Duration, text)).toEqual(['write a duration as 30s, 45m, 2h, 1d or ISO 8601 (PT1H30M)']);
  });

  it('is a text, not a number of whatever unit', () => {
    expect(problems(Duration, 30)).toHaveLength(1);
  });

  it('is no longer than any timer can wait', () => {
    expect(problems(Duration, '30.01d')).toEqual(['must be at most 30d']);
    expect(problems(Duration, '9999999999999d')).toEqual(['must be at most 30d']);
    expect(problems(Duration, `${'9'.repeat(39)}d`)).toEqual(['must be at most 30d']);
  });

  it('is longer than nothing where something must take its time', () => {
    for (const nothing of ['0s', '0.0001ms', 'PT0S']) expect(problems(PositiveDuration, nothing)).toEqual(['must be longer than nothing']);
    expect(problems(PositiveDuration, '1ms')).toEqual([]);
  });

  it('is at least a second between two looks', () => {
    expect(problems(LookInterval, '999ms')).toEqual(['must be at least 1s']);
    expect(problems(LookInterval, '1s')).toEqual([]);
  });
});
