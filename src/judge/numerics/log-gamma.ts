/**
 * log Γ(x) for x > 0, to some units of the last place, relative also next to its zeros at 1 and 2. NaN elsewhere.
 *
 * Up to 2.5 the power series around 2 (Abramowitz & Stegun 6.1.33), from there the recurrence Γ(x + 1) = x Γ(x), from 8 on Stirling's
 * series (6.1.41). Where two of these would cancel each other, as in log B(a, b) of large counts, use `logBeta`.
 */
export function logGamma(x: number): number {
  if (!(x > 0)) return Number.NaN;
  if (x >= stirlingFrom) return (x - 0.5) * Math.log(x) - x + halfLogTwoPi + stirlingSeries(x);
  if (x < 0.5) return seriesAround2(x) - Math.log1p(x) - Math.log(x);
  if (x < 1.5) return seriesAround2(x - 1) - Math.log1p(x - 1);
  let rest = x;
  let product = 1;
  while (rest > 2.5) {
    rest -= 1;
    product *= rest;
  }
  return seriesAround2(rest - 2) + Math.log(product);
}

/** What Stirling's formula leaves: log Γ(x) − ((x − ½) log x − x + ½ log 2π). Keeps its digits where log Γ(x) is huge. */
export const stirlingRemainder = (x: number): number =>
  x >= stirlingFrom ? stirlingSeries(x) : logGamma(x) - ((x - 0.5) * Math.log(x) - x + halfLogTwoPi);

const stirlingFrom = 8;
const halfLogTwoPi = 0.9189385332046728;

/** B(2n) / (2n (2n − 1)) for n = 1, 2, …: the first that is left out is below 1e-17 from 8 on. */
const stirling: readonly number[] = [
  1 / 12, -1 / 360, 1 / 1_260, -1 / 1_680, 1 / 1_188, -691 / 360_360, 1 / 156, -3_617 / 122_400, 43_867 / 244_188,
];

function stirlingSeries(x: number): number {
  const inverse = 1 / x;
  // Past 1e4 the third term is below 1e-23.
  return x > 1e4 ? inverse * (stirling[0]! + stirling[1]! * inverse * inverse) : inverse * polynomial(stirling, inverse * inverse);
}

/** log Γ(2 + z) = (1 − γ) z + Σ (−1)^k (ζ(k) − 1) z^k / k, for |z| ≤ ½. */
const seriesAround2 = (z: number): number => z * polynomial(around2, z);

const around2: readonly number[] = [
  0.42278433509846713, 0.3224670334241132, -0.0673523010531981, 0.020580808427784546, -0.007385551028673986,
  0.0028905103307415234, -0.001192753911703261, 0.0005096695247430425, -0.00022315475845357939, 9.945751278180853e-05,
  -4.492623673813314e-05, 2.050721277567069e-05, -9.439488275268397e-06, 4.374866789907488e-06, -2.039215753801366e-06,
  9.55141213040742e-07, -4.492469198764566e-07, 2.1207184805554665e-07, -1.0043224823968099e-07, 4.7698101693639804e-08,
  -2.2711094608943164e-08, 1.0838659214896955e-08, -5.183475041970047e-09, 2.4836745438024785e-09, -1.1921401405860912e-09,
  5.731367241678862e-10,
];

function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (let at = coefficients.length - 1; at >= 0; at--) sum = sum * x + coefficients[at]!;
  return sum;
}
