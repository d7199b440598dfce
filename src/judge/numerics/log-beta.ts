import { logGamma, stirlingRemainder } from './log-gamma.js';

/**
 * log B(a, b) for a, b > 0, without the cancellation of log Γ(a) + log Γ(b) − log Γ(a + b): with counts of 1e9 that sum is right to
 * six digits after the point at best. Method: DiDonato & Morris, ACM TOMS 708 (1992), section on log B, without its tables.
 */
export function logBeta(a: number, b: number): number {
  const small = Math.min(a, b);
  const large = Math.max(a, b);
  if (large < 8) return logGamma(small) + logGamma(large) - logGamma(small + large);
  const shape = -large * Math.log1p(small / large);
  const remainders = stirlingRemainder(large) - stirlingRemainder(small + large);
  // log Γ(large) − log Γ(small + large), with everything that is large taken out by hand.
  if (small < 8) return logGamma(small) + shape + small - (small - 0.5) * Math.log(small + large) - 0.5 * Math.log(large) + remainders;
  return halfLogTwoPi - 0.5 * Math.log(large) + stirlingRemainder(small) + remainders + shape - (small - 0.5) * Math.log1p(large / small);
}

/** log of the binomial coefficient, for any n ≥ k ≥ 0. */
export const logChoose = (n: number, k: number): number => -Math.log1p(n) - logBeta(k + 1, n - k + 1);

const halfLogTwoPi = 0.9189385332046728;
