import { stirlingRemainder } from './log-gamma.js';

/** The regularised incomplete beta function I_x(a, b): the share of a Beta(a, b) at or below x. For a, b > 0, 0 ≤ x ≤ 1. */
export const incompleteBeta = (x: number, a: number, b: number): number => Math.exp(logBetaTails(x, a, b).below);

/** log of the share of a Beta(a, b) at or below x, and of the share above it. Both keep their digits when one of them is tiny. */
export function logBetaTails(x: number, a: number, b: number): { below: number; above: number } {
  if (!(a > 0 && b > 0 && x >= 0 && x <= 1)) throw new RangeError(`no Beta(${a}, ${b}) at ${x}`);
  if (x === 0) return { below: -Infinity, above: 0 };
  if (x === 1) return { below: 0, above: -Infinity };
  const density = logBetaKernel(x, a, b);
  // The fraction converges fast on its own side of the mean only.
  if (x <= (a + 1) / (a + b + 2)) return tails(density + logFraction(x, a, b));
  const { below, above } = tails(density + logFraction(1 - x, b, a));
  return { below: above, above: below };
}

/**
 * log( x^a (1 − x)^b / B(a, b) ), for 0 < x < 1. Written as deviances, after C. Loader, "Fast and Accurate Computation of Binomial
 * Probabilities" (2000): with a + b = 1e9 the powers alone would leave six digits after the point.
 */
export function logBetaKernel(x: number, a: number, b: number): number {
  const n = a + b;
  return 0.5 * (Math.log(a / n) + Math.log(b) - logTwoPi) + stirlingRemainder(n) - stirlingRemainder(a) - stirlingRemainder(b) - deviance(a, n * x) - deviance(b, n * (1 - x));
}

const logTwoPi = 1.8378770664093456;

/** k log(k / m) + m − k, also where k is close to m. */
function deviance(k: number, m: number): number {
  const v = (k - m) / (k + m);
  if (Math.abs(v) > 0.1) return k * Math.log(k / m) + m - k;
  // log(k / m) = 2 artanh v, and what is left of the first term is (k − m) v.
  let sum = (k - m) * v;
  let power = 2 * k * v;
  for (let odd = 3; odd < 60; odd += 2) {
    power *= v * v;
    const next = sum + power / odd;
    if (next === sum) return sum;
    sum = next;
  }
  return sum;
}

const tails = (logShare: number): { below: number; above: number } => {
  const below = Math.min(logShare, 0);
  return { below, above: logOneMinusExp(below) };
};

/** log(1 − e^y) for y ≤ 0: M. Mächler, "Accurately Computing log(1 − exp(−|a|))" (2012). */
const logOneMinusExp = (y: number): number => (y > -Math.LN2 ? Math.log(-Math.expm1(y)) : Math.log1p(-Math.exp(y)));

/** Some times √max(a, b) steps are needed at worst: 1e6 are enough for 1e9. */
const mostSteps = 1_000_000;

/** log of what the kernel is multiplied with: the continued fraction DLMF 8.17.22 by Lentz's method, divided by a. */
function logFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m <= mostSteps; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    value *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    value *= c * d;
    if (Math.abs(c * d - 1) < 1e-15) return Math.log(value / a);
  }
  throw new RangeError(`the incomplete beta function of (${x}, ${a}, ${b}) does not converge`);
}

const nonZero = (value: number): number => (Math.abs(value) < 1e-300 ? 1e-300 : value);
