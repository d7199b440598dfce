import { rootBetween } from './brent.js';
import { normalQuantile } from './normal.js';

export interface Shift {
  /** The confidence interval of how far x lies above y. */
  interval: [number, number];
  /** The same as one number: the Hodges–Lehmann estimate. */
  estimate: number;
}

/**
 * How far x lies above y: the shifts that the Mann–Whitney test does not refuse, by the normal approximation with correction for ties and
 * continuity. As Kayenta does it (kayenta-mannwhitney/…/MannWhitney.scala), which follows R's `wilcox.test`. Throws a `RangeError` where
 * all observations are tied.
 */
export function mannWhitney(x: readonly number[], y: readonly number[], confidence: number): Shift {
  const sorted: Samples = { x: Float64Array.from(x).toSorted(), y: Float64Array.from(y).toSorted() };
  const z = normalQuantile((1 - confidence) / 2);
  return { interval: [boundary(sorted, -z), boundary(sorted, z)], estimate: root(sorted, 0, ends(sorted, 0)) };
}

interface Samples {
  x: Float64Array;
  y: Float64Array;
}

type Ends = [{ x: number; y: number }, { x: number; y: number }];

/** The smallest and the largest shift that mean anything, and the statistic there. */
function ends({ x, y }: Samples, z: number): Ends {
  const least = x[0]! - y.at(-1)!;
  const most = x.at(-1)! - y[0]!;
  return [{ x: least, y: statistic({ x, y }, least) - z }, { x: most, y: statistic({ x, y }, most) - z }];
}

function boundary(samples: Samples, z: number): number {
  const [least, most] = ends(samples, z);
  if (least.y <= 0) return least.x;
  return most.y >= 0 ? most.x : root(samples, z, [least, most]);
}

const root = (samples: Samples, z: number, [least, most]: Ends): number =>
  rootBetween((shift) => statistic(samples, shift) - z, least, most);

/** How many standard deviations x − shift ranks above y. */
function statistic({ x, y }: Samples, shift: number): number {
  const { rankSum, ties } = ranked(x, y, shift);
  const [n, m] = [x.length, y.length];
  const above = rankSum - (n * (n + 1)) / 2 - (n * m) / 2;
  const deviation = Math.sqrt(((n * m) / 12) * (n + m + 1 - ties / ((n + m) * (n + m - 1))));
  if (deviation === 0) throw new RangeError('all observations are tied');
  return (above - Math.sign(above) * 0.5) / deviation;
}

/** Ranks of x − shift among both, ties at their mean: their sum, and Σ (t³ − t) over groups of t ties. Both are sorted: one walk. */
function ranked(x: Float64Array, y: Float64Array, shift: number): { rankSum: number; ties: number } {
  let [rankSum, ties, fromX, fromY] = [0, 0, 0, 0];
  while (fromX < x.length || fromY < y.length) {
    const value = Math.min(fromX < x.length ? x[fromX]! - shift : Infinity, fromY < y.length ? y[fromY]! : Infinity);
    const before = fromX + fromY;
    const firstX = fromX;
    // Past the end nothing equals it.
    while ((x[fromX] ?? Number.NaN) - shift === value) fromX++;
    while (y[fromY] === value) fromY++;
    const tied = fromX + fromY - before;
    rankSum += (fromX - firstX) * (before + (tied + 1) / 2);
    ties += tied ** 3 - tied;
  }
  return { rankSum, ties };
}
