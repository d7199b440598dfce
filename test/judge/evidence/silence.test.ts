import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Silence, type SilenceState } from '../../../src/judge/evidence/silence.js';
import type { Sample } from '../../../src/judge/sample.js';
import { timesOf } from '../../../src/judge/times.js';
import { empty, ratio, refused } from '../looks.js';

const data = ratio(0, 0);
const kinds: Record<string, Sample> = { d: data, n: empty, e: refused };

/** `d` data, `n` no data, `e` error, `.` no look at all; what is said after each. */
function heard(script: string, step = 30): (string | undefined)[] {
  const silence = new Silence(timesOf(step), 0);
  return script.split('').flatMap((letter, index) => {
    if (letter === '.') return [];
    silence.observe((index + 1) * step, kinds[letter]!);
    return [silence.kind];
  });
}

describe('a region that is not heard', () => {
  it('has no data once fewer than half of the looks of three minutes brought any', () => {
    expect(heard('ddddddnnn').at(-1)).toBeUndefined();
    expect(heard('ddddddnnnn').at(-1)).toBe('no-data');
  });

  it('is an error where most of those failed', () => {
    expect(heard('ddddddeeee').at(-1)).toBe('error');
    expect(heard('ddddddeene').at(-1)).toBe('error');
    expect(heard('ddddddnnne').at(-1)).toBe('no-data');
  });

  it('is heard again as soon as half of the looks bring data', () => {
    expect(heard('nnnnnnddd')).toEqual([undefined, ...Array.from({ length: 7 }, () => 'no-data'), undefined]);
  });

  it('is not missed by its first look alone', () => {
    expect(heard('n')).toEqual([undefined]);
    expect(heard('nn')).toEqual([undefined, 'no-data']);
  });

  it('is missed where the looks themselves are', () => {
    expect(heard('dddddd....d').at(-1)).toBe('no-data');
  });

  it('is missed for as many looks of a second as of thirty', () => {
    for (const script of ['ddddddnnnn', 'nnnnnnddd', 'deedneeeddd', 'nnddddddddddddnnnn']) expect(heard(script, 1)).toEqual(heard(script, 30));
  });

  it('says why, of the last look that brought nothing, and not at length', () => {
    const silence = new Silence(timesOf(30), 0);
    silence.observe(30, { kind: 'no-data', reason: 'x'.repeat(10_000) });
    silence.observe(60, data);
    expect(silence.reason.length).toBeLessThan(1_000);
    silence.observe(90, refused);
    expect(silence.reason).toBe('connection refused');
  });

  it('is told apart from one that only the last look did not hear', () => {
    const silence = new Silence(timesOf(30), 0);
    silence.observe(30, data);
    expect([silence.now, silence.isHeard]).toEqual([undefined, true]);
    silence.observe(60, refused);
    expect([silence.kind, silence.now, silence.isHeard]).toEqual([undefined, 'error', false]);
  });

  it('is remembered as JSON, and only as long as it counts', () => {
    fc.assert(fc.property(fc.stringMatching(/^[dne]{1,60}$/), (script) => {
      let silence = new Silence(timesOf(30), 0);
      const straight = new Silence(timesOf(30), 0);
      script.split('').forEach((letter, index) => {
        for (const each of [silence, straight]) each.observe((index + 1) * 30, kinds[letter]!);
        silence = new Silence(timesOf(30), 0, JSON.parse(JSON.stringify(silence.save())) as SilenceState);
        expect([silence.kind, silence.now]).toEqual([straight.kind, straight.now]);
      });
      expect(silence.save().heard.length).toBeLessThanOrEqual(7);
    }));
  });
});
