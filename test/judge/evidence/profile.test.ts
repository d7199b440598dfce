import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomOf } from '../../../bench/judge/simulator/random.js';
import { estimate, excludedFrom, exclusion, type Weighed } from '../../../src/judge/evidence/profile.js';

/** The effects that a ratio is measured by. */
const effects = [-1.2, -0.8, -0.5, -0.3, -0.15, 0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.25, 1.4, 1.6, 1.8, 2.1, 2.4, 2.8];

/** Evidence of a bell of which `seen` is the middle. */
const seenAs = (seen: number, sd: number, of = effects): Weighed[] => of.map((effect) => ({ effect, logE: (seen ** 2 - (seen - effect) ** 2) / (2 * sd ** 2) }));

describe('the interval of an effect', () => {
  it.each([[0, 0.1], [0.405, 0.15], [0.7, 0.3], [1.1, 0.2], [-0.2, 0.2]])('covers what is (%d, known to %d) in about 95 of 100 soaks', (truth, sd) => {
    const random = randomOf(`covers ${truth}`);
    const soaks = 1_000;
    let covered = 0;
    for (let soak = 0; soak < soaks; soak++) {
      const { low, high } = estimate(seenAs(truth + sd * random.normal(), sd));
      if (low <= truth && truth <= high) covered += 1;
    }
    expect(covered / soaks).toBeGreaterThan(0.92);
    expect(covered / soaks).toBeLessThan(0.995);
  });

  it('has its middle where the looks point to, also between the sizes that are weighed', () => {
    fc.assert(fc.property(fc.double({ min: -0.7, max: 2, noNaN: true }), fc.double({ min: 0.15, max: 0.5, noNaN: true }), (seen, sd) => {
      expect(estimate(seenAs(seen, sd)).effect).toBeCloseTo(seen, 6);
    }));
  });

  it('holds its effect, whatever the evidence, and in numbers', () => {
    const logE = fc.oneof(fc.double({ min: -1e4, max: 1e4, noNaN: true }), fc.constantFrom(-Infinity, 0, 1e-300));
    fc.assert(fc.property(fc.array(logE, { minLength: effects.length, maxLength: effects.length }), (evidence) => {
      const { effect, low, high } = estimate(effects.map((each, index) => ({ effect: each, logE: each === 0 ? 0 : evidence[index]! })));
      expect([low, effect, high].every(Number.isFinite)).toBe(true);
      expect(low).toBeLessThanOrEqual(effect);
      expect(high).toBeGreaterThanOrEqual(effect);
      expect(effect).toBeGreaterThanOrEqual(effects[0]!);
      expect(effect).toBeLessThanOrEqual(effects.at(-1)!);
    }));
  });

  it('gets wider by what is not known of the level', () => {
    const [sharp, blunt] = [estimate(seenAs(0.5, 0.1)), estimate(seenAs(0.5, 0.1), 0.2)];
    expect(blunt.high - blunt.low).toBeGreaterThan(sharp.high - sharp.low + 0.3);
    expect(blunt.effect).toBe(sharp.effect);
  });

  it('ends where the sizes end', () => {
    const { low, high } = estimate(effects.map((effect) => ({ effect, logE: 0 })));
    expect([low, high]).toEqual([effects[0], effects.at(-1)]);
  });
});

describe('the smallest effect that is excluded', () => {
  it('is the first against which there are 20 : 1, with all larger ones', () => {
    fc.assert(fc.property(fc.double({ min: -0.5, max: 0.5, noNaN: true }), fc.double({ min: 0.05, max: 0.3, noNaN: true }), (seen, sd) => {
      const weighed = seenAs(seen, sd);
      const excluded = excludedFrom(weighed)!;
      const evidence = (part: Weighed[]): number[] => part.map(({ logE }) => logE);
      expect(Math.max(...evidence(weighed.filter(({ effect }) => effect >= excluded)))).toBeLessThanOrEqual(-exclusion + 1e-9);
      // Between two sizes it is interpolated: the one before is not excluded.
      const before = weighed.filter(({ effect }) => effect > 0 && effect < excluded).slice(-1);
      expect(Math.min(...evidence(before))).toBeGreaterThan(-exclusion - 1e-9);
    }));
  });

  it('is none while the largest is still possible', () => {
    expect(excludedFrom(seenAs(2.8, 0.3))).toBeUndefined();
    expect(excludedFrom(seenAs(0, 30))).toBeUndefined();
    expect(excludedFrom([{ effect: -1, logE: -99 }, { effect: 0, logE: 0 }])).toBeUndefined();
  });

  it('leaves out what lies below a size that is possible, however unlikely that is', () => {
    const weighed: Weighed[] = [{ effect: 0, logE: 0 }, { effect: 0.5, logE: -10 }, { effect: 1, logE: 0 }, { effect: 1.5, logE: -10 }];
    expect(excludedFrom(weighed)).toBeGreaterThan(1);
    expect(excludedFrom(weighed)).toBeLessThanOrEqual(1.5);
  });

  it('is above none: what got better is not what is excluded', () => {
    expect(excludedFrom(seenAs(-1, 0.05))).toBe(0.1);
  });

  it('is a size itself where the larger ones cannot be at all', () => {
    expect(excludedFrom([{ effect: 0, logE: 0 }, { effect: 1, logE: -1 }, { effect: 2, logE: -Infinity }])).toBe(2);
  });

  it('is wrong in fewer than one of twenty soaks', () => {
    const random = randomOf('excluded');
    let wrong = 0;
    for (let soak = 0; soak < 1_000; soak++) {
      const excluded = excludedFrom(seenAs(0.5 + 0.2 * random.normal(), 0.2));
      if (excluded !== undefined && excluded <= 0.5) wrong += 1;
    }
    expect(wrong).toBeLessThan(50);
  });
});
