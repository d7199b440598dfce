import { describe, expect, it } from 'vitest';
import { logBinomialEvidence } from '../../../src/judge/numerics/binomial-evidence.js';
import { incompleteBeta, logBetaTails } from '../../../src/judge/numerics/incomplete-beta.js';

// Reference values: the hypergeometric series DLMF 8.17.8, summed with 60 digits of mpmath 1.3 (not the continued fraction of the code).
const tails = [
  [0.5, 1, 1, -Math.LN2, -Math.LN2], [0.1, 0.3, 7, -0.142489840339202, -2.01888366782961],
  [0.999, 2, 3, -3.99700000798802e-9, -19.3377217572172], [1e-6, 2, 60, -20.1189892033445, -1.82992802323986e-9],
  [0.3, 20, 5, -16.1520575947576, -9.66608336093222e-8], [0.01, 1, 25, -1.50427353330595, -0.251258396337536],
  [0.02, 100, 1e4, -3.90345262952255e-16, -35.4795000367857], [0.005, 6_031, 1e6, -97.5362044333698, -4.3708371810666e-43],
  [0.005, 4_000, 1e6, -5.73930714197378e-51, -115.68450124663], [0.5, 3e4, 3e4, -Math.LN2, -Math.LN2],
  [0.9, 1e-3, 1e-3, -0.690956193377931, -0.695342978709489],
] as const;

describe('incomplete beta', () => {
  it.each(tails)('holds e^(its log) at %d of Beta(%d, %d) below and above', (x, a, b, below, above) => {
    const found = logBetaTails(x, a, b);
    expect(Math.abs(found.below / below - 1)).toBeLessThan(1e-11);
    expect(Math.abs(found.above / above - 1)).toBeLessThan(1e-11);
  });

  it('is x^a for b = 1, from one end to the other', () => {
    for (const x of [0, 1e-3, 0.2, 0.5, 0.8, 1]) expect(incompleteBeta(x, 3, 1)).toBeCloseTo(x ** 3, 13);
  });

  it('refuses what is no share and no shape', () => {
    for (const [x, a, b] of [[-0.1, 1, 1], [1.1, 1, 1], [0.5, 0, 1], [0.5, 1, Number.NaN]] as const) {
      expect(() => incompleteBeta(x, a, b)).toThrow(RangeError);
    }
  });
});

/** Bad, total, p0, a, b, log E. */
const published = [
  [30, 6_000, 0.005, 1, 50, -2.804537112], [60, 6_000, 0.005, 1, 50, 9.591229467], [5, 100, 0.01, 1, 25, 3.388470636],
  [0, 1_000, 0.01, 1, 25, -3.713572067], [8, 200, 0.01, 2, 60, 4.440077183],
] as const;

// By the textbook formula with 60 digits of mpmath 1.3.
const computed = [
  [0, 0, 0.01, 1, 25, 0], [1, 1, 0.5, 1, 1, 0.405465108108164], [12.5, 4_000.25, 0.001, 0.5, 20, 3.54709906970193],
  [3, 40, 1e-9, 1, 25, 50.5768934022436], [20, 1_000, 0.9, 3, 2, -6.26732744072093], [0, 1e9, 0.01, 1, 25, -17.5043900370782],
  [1e9, 1e9, 0.01, 1, 25, 4605169726.16131], [5e6, 1e9, 0.005, 1, 50, -8.87032255706086], [5_000_100, 1e9, 0.005, 1, 50, -8.83418239947034],
  [5_100_000, 1e9, 0.005, 1, 50, 990.252106868735], [1e6, 1e9, 0.005, 1, 50, -16.5880994048915],
] as const;

describe('evidence that more than p0 of the requests are bad', () => {
  it.each(published)('%d of %d against p ≤ %d, Beta(%d, %d): log E is %d', (bad, total, p0, a, b, wanted) => {
    expect(logBinomialEvidence({ bad, total, p0, a, b })).toBeCloseTo(wanted, 9);
  });

  it.each(computed)('%d of %d against p ≤ %d, Beta(%d, %d): log E is %d', (bad, total, p0, a, b, wanted) => {
    expect(Math.abs(logBinomialEvidence({ bad, total, p0, a, b }) - wanted)).toBeLessThan(1e-9 * Math.max(1, Math.abs(wanted)));
  });

  it('is worth 1 on average when exactly p0 of them are bad', () => {
    const [total, p0] = [40, 0.1];
    let mean = 0;
    let probability = (1 - p0) ** total;
    for (let bad = 0; bad <= total; bad++) {
      mean += probability * Math.exp(logBinomialEvidence({ bad, total, p0, a: 1, b: 5 }));
      probability *= ((total - bad) / (bad + 1)) * (p0 / (1 - p0));
    }
    expect(mean).toBeCloseTo(1, 12);
  });

  it('is finite for any share of any total up to 1e9', () => {
    for (const total of [1, 7, 1e3, 1e6, 1e9]) {
      for (const share of [0, 1e-6, 1e-3, 0.01, 0.5, 1]) {
        const bad = Math.round(share * total);
        for (const p0 of [1e-6, 1e-3, 0.2]) expect(logBinomialEvidence({ bad, total, p0, a: 1, b: 25 }), `${bad} of ${total}, p0 ${p0}`).toSatisfy(Number.isFinite);
      }
    }
  });

  it('refuses counts that cannot be and a p0 that excludes nothing', () => {
    for (const wrong of [{ bad: -1 }, { bad: 11 }, { bad: Number.NaN }, { total: Infinity }, { p0: 0 }, { p0: 1 }]) {
      expect(() => logBinomialEvidence({ bad: 1, total: 10, p0: 0.1, a: 1, b: 9, ...wrong })).toThrow(RangeError);
    }
  });
});
