/**
 * Seeded randomness: the generator sfc32 (Chris Doty-Humphrey, PractRand), whose state is filled from the text of a seed by FNV-1a and
 * splitmix32. The same text gives the same numbers on every machine, whatever else was drawn.
 */
export interface Random {
  /** In [0, 1). */
  uniform(): number;
  normal(): number;
  exponential(mean: number): number;
  /** Mean 1, variance `variance`. */
  gammaAround1(variance: number): number;
  poisson(mean: number): number;
  binomial(n: number, p: number): number;
  /** Student's t with `freedom` degrees, not scaled. */
  student(freedom: number): number;
}

export function randomOf(seed: string): Random {
  const uniform = sfc32(seed);
  const normal = normals(uniform);
  const gamma = (shape: number): number => gammaOf(shape, uniform, normal);
  return {
    uniform,
    normal,
    exponential: (mean) => -mean * Math.log(1 - uniform()),
    gammaAround1: (variance) => (variance <= 0 ? 1 : gamma(1 / variance) * variance),
    poisson: (mean) => poissonOf(mean, uniform, normal),
    binomial: (n, p) => (p > 0.5 ? n - binomialOf(n, 1 - p, uniform, normal) : binomialOf(n, p, uniform, normal)),
    student: (freedom) => normal() / Math.sqrt((gamma(freedom / 2) * 2) / freedom),
  };
}

function sfc32(seed: string): () => number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < seed.length; at++) hash = Math.imul(hash ^ seed.charCodeAt(at), 0x01000193);
  const word = (): number => {
    hash = (hash + 0x9e3779b9) | 0;
    let mixed = hash ^ (hash >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) | 0;
  };
  let [a, b, c, counter] = [word(), word(), word(), 1];
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4294967296;
  };
  for (let round = 0; round < 15; round++) next();
  return next;
}

/** Marsaglia's polar method. */
function normals(uniform: () => number): () => number {
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const kept = spare;
      spare = undefined;
      return kept;
    }
    for (;;) {
      const x = 2 * uniform() - 1;
      const y = 2 * uniform() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      spare = y * factor;
      return x * factor;
    }
  };
}

/** Marsaglia and Tsang 2000; for shapes below 1, by way of shape + 1. */
function gammaOf(shape: number, uniform: () => number, normal: () => number): number {
  if (shape < 1) return gammaOf(shape + 1, uniform, normal) * (1 - uniform()) ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const x = normal();
    const cube = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (cube > 0 && Math.log(1 - uniform()) < 0.5 * x * x + d - d * cube + d * Math.log(cube)) return d * cube;
  }
}

/** By inversion where the mean is small; above, the normal approximation is good to a hundredth of a standard deviation. */
const exactUpTo = 50;

function poissonOf(mean: number, uniform: () => number, normal: () => number): number {
  if (mean > exactUpTo) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
  let probability = Math.exp(-mean);
  let left = uniform();
  let count = 0;
  while (left > probability && count < 1000) {
    left -= probability;
    probability *= mean / ++count;
  }
  return count;
}

function binomialOf(n: number, p: number, uniform: () => number, normal: () => number): number {
  if (n <= 0 || p <= 0) return 0;
  const mean = n * p;
  if (mean > exactUpTo) return Math.min(n, Math.max(0, Math.round(mean + Math.sqrt(mean * (1 - p)) * normal())));
  const odds = p / (1 - p);
  let probability = (1 - p) ** n;
  let left = uniform();
  let count = 0;
  while (left > probability && count < n) {
    left -= probability;
    probability *= ((n - count) / (count + 1)) * odds;
    count++;
  }
  return count;
}
