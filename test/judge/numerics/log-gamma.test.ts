import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logBeta, logChoose } from '../../../src/judge/numerics/log-beta.js';
import { logGamma, stirlingRemainder } from '../../../src/judge/numerics/log-gamma.js';

// Reference values: mpmath 1.3 with 60 to 80 digits, of the doubles that stand here.
const logGammas = [
  [1e-300, 690.7755278982137], [1e-10, 23.025850929882736], [0.001, 6.907178885383853], [0.25, 1.2880225246980774],
  [0.499999, 0.5723669064371935], [0.5, 0.5723649429247001], [0.75, 0.20328095143129538], [0.999999999, 5.77215649399226e-10],
  [1.0000001, -5.772155829918507e-08], [1.25, -0.09827183642181316], [1.5, -0.12078223763524522], [1.9999999, -4.2278430309861296e-08],
  [2.000001, 4.2278465762452923e-07], [2.4, 0.21685932244884157], [2.6, 0.35741186354897986], [3.5, 1.2009736023470743],
  [7.99, 8.50501160608848], [8, 8.525161361065415], [8.5, 9.549267257300997], [10, 12.80182748008147], [33.3, 82.60372358165495],
  [1234.5, 7550.550901077895], [9999, 82090.5072560754], [10001, 82108.92783681436], [123456789.5, 2176716248.538971],
  [1e15, 3.3538776394910668e+16], [1e300, 6.897755278982137e+302],
] as const;

const remainders = [
  [0.01, 1.4340079537031842], [1, 0.08106146679532726], [5, 0.016644691189821193], [8, 0.010411265261972096],
  [100, 0.0008333305556349147], [150, 0.0005555547325207391], [1e5, 8.333333333305556e-07], [1e9, 8.333333333333333e-11],
] as const;

const logBetas = [
  [0.5, 0.5, 1.1447298858494002], [1, 1, 0], [2.5, 7, -4.825399338314249], [7.5, 9, -11.13878737553683], [0.01, 1e9, 4.3922472196775075],
  [3, 1e9, -61.47665033327929], [7.9, 1e6, -100.81829479484173], [8, 8, -10.848948661710063], [50, 5_000, -281.53811110252275],
  [12_345.5, 987_654_321, -151727.55035609566], [1e9, 1e9, -1386294370.2160113],
] as const;

const logChooses = [
  [0, 0, 0], [5, 2, Math.LN10], [60, 30, 39.31170072601126], [1_000, 0, 0], [1_000, 1_000, 0],
  [1e9, 3, 60.37803803861118], [1e9, 5e8, 693147169.9725211],
] as const;

const expectRelative = (found: number, wanted: number, tolerance: number): void => {
  expect(Math.abs(found - wanted) / Math.max(Math.abs(wanted), Number.MIN_VALUE), `${found} instead of ${wanted}`).toBeLessThanOrEqual(tolerance);
};

describe('log gamma', () => {
  it.each(logGammas)('of %d is %d', (x, wanted) => expectRelative(logGamma(x), wanted, 1e-14));

  it('is exactly zero at 1 and 2', () => {
    expect([logGamma(1), logGamma(2)].map(Math.abs)).toEqual([0, 0]);
  });

  it('grows by log x from x to x + 1, wherever one method gives way to the next', () => {
    fc.assert(fc.property(fc.double({ min: 1e-6, max: 30, noNaN: true }), (x) => {
      expect(Math.abs(logGamma(x + 1) - logGamma(x) - Math.log(x))).toBeLessThan(1e-13 * (1 + Math.abs(logGamma(x + 1))));
    }));
  });

  it('is not a number where the function is not defined', () => {
    expect([0, -1, -0.5, Number.NaN].map(logGamma)).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
  });

  // Below 8 it is a difference of numbers near 1; above, the series itself.
  it.each(remainders)('leaves past Stirling at %d: %d', (x, wanted) => expectRelative(stirlingRemainder(x), wanted, x < 8 ? 1e-13 : 2e-15));
});

describe('log beta', () => {
  it.each(logBetas)('of (%d, %d) is %d, either way round', (a, b, wanted) => {
    expectRelative(logBeta(a, b), wanted, wanted === 0 ? 0 : 2e-14);
    expect(logBeta(b, a)).toBe(logBeta(a, b));
  });

  it.each(logChooses)('counts %d choose %d as e^%d', (n, k, wanted) => {
    expect(Math.abs(logChoose(n, k) - wanted)).toBeLessThanOrEqual(1e-14 * (Math.abs(wanted) + Math.log1p(n)));
  });

  it('follows its recurrence B(a, b) = B(a + 1, b) + B(a, b + 1), wherever one method gives way to the next', () => {
    const shape = fc.double({ min: 0.1, max: 40, noNaN: true });
    fc.assert(fc.property(shape, shape, (a, b) => {
      expect(Math.exp(logBeta(a + 1, b) - logBeta(a, b)) + Math.exp(logBeta(a, b + 1) - logBeta(a, b))).toBeCloseTo(1, 12);
    }));
  });
});
