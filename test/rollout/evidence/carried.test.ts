import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { carriedAfter, type Carried, type PassedRegion } from '../../../src/rollout/evidence/carried.js';

const of = (name: string, logE: number) => [{ name, logE }];
/** What a judge says that was given M and has found E by itself: ½·M·E + ½·E, as logarithms. */
const judged = (logM: number, logE: number): number => Math.log(0.5 * Math.exp(logM + logE) + 0.5 * Math.exp(logE));

/** Regions of these findings of their own, one after the other. */
function inSequence(findings: number[]): PassedRegion[] {
  const passed: PassedRegion[] = [];
  for (const logE of findings) {
    const carried = carriedAfter(passed);
    passed.push({ carried, checks: of('errors', judged(carried.errors ?? 0, logE)) });
  }
  return passed;
}

describe('evidence that is carried from region to region', () => {
  it('is none before the first, and what the first has found after it', () => {
    expect(carriedAfter([])).toEqual({});
    expect(carriedAfter([{ carried: {}, checks: of('errors', Math.log(5)) }]).errors).toBeCloseTo(Math.log(5), 12);
  });

  it('is what the judge of the last one says, where they follow each other', () => {
    const passed = inSequence([Math.log(3), Math.log(4), Math.log(0.5)]);
    expect(carriedAfter(passed).errors).toBeCloseTo(passed.at(-1)!.checks[0]!.logE, 12);
    // ½·(½·3·4 + ½·4)·½ + ½·½
    expect(Math.exp(carriedAfter(passed).errors!)).toBeCloseTo(2.25, 12);
  });

  it('finds in four regions what is too small for one', () => {
    const small = Math.log(6);
    expect(Math.exp(carriedAfter(inSequence([small])).errors!)).toBeLessThan(20);
    expect(Math.exp(carriedAfter(inSequence([small, small, small, small])).errors!)).toBeGreaterThan(100);
  });

  it('is never more than half of what a region has found wiped out by those before', () => {
    expect(carriedAfter(inSequence([-50, Math.log(30)])).errors).toBeCloseTo(Math.log(15), 9);
  });

  it('counts what regions were given once, though they soaked side by side', () => {
    const given: Carried = { errors: Math.log(7) };
    const before: PassedRegion = { carried: {}, checks: of('errors', Math.log(7)) };
    const side = (logE: number): PassedRegion => ({ carried: given, checks: of('errors', judged(Math.log(7), logE)) });
    const together = carriedAfter([before, side(Math.log(2)), side(Math.log(3))]).errors!;
    expect(together).toBeCloseTo(carriedAfter(inSequence([Math.log(7), Math.log(2), Math.log(3)])).errors!, 9);
  });

  it('is kept apart by check, and passes over what says nothing', () => {
    const two = carriedAfter([
      { carried: {}, checks: [...of('errors', 1), ...of('latency', 2)] },
      { carried: { errors: 1, latency: 2 }, checks: of('latency', Number.NaN) },
    ]);
    expect(two.errors).toBeCloseTo(1, 12);
    expect(two.latency).toBeCloseTo(2, 12);
  });

  it('is a number, however much or little was found', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: -1e4, max: 1e4, noNaN: true })), (findings) => {
      const passed = findings.map((logE, index) => ({ carried: { errors: findings[index - 1] ?? 0 }, checks: of('errors', logE) }));
      expect(Number.isFinite(carriedAfter(passed).errors ?? 0)).toBe(true);
    }));
  });
});
