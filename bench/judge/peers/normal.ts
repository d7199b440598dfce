const logRootTwoPi = 0.9189385332046728;

/** log of the standard normal distribution function, to twelve digits and more, also far out where it would be 0. */
export function logNormalCdf(z: number): number {
  if (z > 0) return Math.log1p(-Math.exp(logNormalCdf(-z)));
  if (z < -2.5) return -0.5 * z * z - logRootTwoPi + Math.log(tailFraction(-z));
  // Abramowitz & Stegun 26.2.11.
  let term = z;
  let sum = z;
  for (let odd = 3; Math.abs(term) > 1e-18 * Math.abs(sum); odd += 2) {
    term *= (z * z) / odd;
    sum += term;
  }
  return Math.log(0.5 + Math.exp(-0.5 * z * z - logRootTwoPi) * sum);
}

/** Mills' ratio by its continued fraction, Abramowitz & Stegun 26.2.14, from the inside out. */
function tailFraction(z: number): number {
  let inner = z;
  for (let depth = 150; depth >= 1; depth--) inner = z + depth / inner;
  return 1 / inner;
}

/** The z with this share of the standard normal distribution below it, for shares in (0, 1): Newton's method on the logarithm. */
export function normalQuantile(share: number): number {
  if (!(share > 0 && share < 1)) throw new RangeError(`no quantile ${share}`);
  if (share > 0.5) return -normalQuantile(1 - share);
  const wanted = Math.log(share);
  // The right order of magnitude: in the tail log Φ(z) is about −z²/2.
  let z = share < 0.1 ? -Math.sqrt(-2 * wanted) + 0.7 : 0;
  for (let round = 0; round < 50; round++) {
    const log = logNormalCdf(z);
    const step = (log - wanted) * Math.exp(log + 0.5 * z * z + logRootTwoPi);
    z -= step;
    if (Math.abs(step) < 1e-14 * Math.max(1, Math.abs(z))) break;
  }
  return z;
}
