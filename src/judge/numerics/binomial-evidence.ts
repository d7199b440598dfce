import { logBetaKernel, logBetaTails } from './incomplete-beta.js';

export interface BinomialEvidence {
  /** Bad of all requests: counts, whole or extrapolated. */
  bad: number;
  total: number;
  /** The largest share of bad that is fine, in (0, 1). */
  p0: number;
  /** Beta(a, b): where the share is expected when it is not fine. */
  a: number;
  b: number;
}

/**
 * log E against "at most p0 of all requests are bad": the likelihood of the counts under a Beta(a, b) truncated to (p0, 1), over that
 * under p0. An e-process for every p ≤ p0, looked at as often as one likes (mixture of one-sided likelihood ratios: Robbins 1970;
 * Howard, Ramdas, McAuliffe, Sekhon, "Time-uniform, nonparametric, nonasymptotic confidence sequences", 2021, proposition 7).
 *
 * With K = x^a (1 − x)^b / B(a, b) at p0 and Q the share of the Beta above p0, log E = log(K/Q) before − log(K/Q) after the counts:
 * no term grows with the counts, and 1e9 requests cost no digits.
 */
export function logBinomialEvidence({ bad, total, p0, a, b }: BinomialEvidence): number {
  if (!(bad >= 0 && bad <= total && total < Infinity)) throw new RangeError(`${bad} bad of ${total} requests`);
  if (!(p0 > 0 && p0 < 1)) throw new RangeError(`p0 must lie between 0 and 1, not at ${p0}`);
  return logHazard(p0, a, b) - logHazard(p0, a + bad, b + total - bad);
}

const logHazard = (x: number, a: number, b: number): number => logBetaKernel(x, a, b) - logBetaTails(x, a, b).above;
