/** How near two ends of an interval are when the root is good enough, as Kayenta asks for it. */
const tolerance = 1e-4;

interface Point {
  x: number;
  y: number;
}

/**
 * A root of f between two points of it, after R. Brent, "Algorithms for Minimization without Derivatives" (1973), chapter 4: bisection, or
 * inverse interpolation where that is faster. Kayenta has the same (kayenta-mannwhitney/…/BrentSolver.java), and its answers on a function
 * with steps depend on every rule in it.
 */
export function rootBetween(f: (x: number) => number, first: Point, second: Point): number {
  // `best` is the answer so far, `other` lies on the other side of the root, `before` is where it was.
  let [before, best, other] = [first, second, first];
  for (let round = 0; round < 1001; round++) {
    if (Math.abs(other.y) < Math.abs(best.y)) [before, best, other] = [best, other, best];
    const near = 2 * Number.EPSILON * Math.abs(best.x) + tolerance / 2;
    const half = (other.x - best.x) / 2;
    if (Math.abs(half) <= near || best.y === 0) return best.x;
    const step = interpolated(before, best, other, near) ?? half;
    before = best;
    const x = best.x + (Math.abs(step) < near ? (step > 0 ? near : -near) : step);
    best = { x, y: f(x) };
    if (best.y * other.y > 0) other = before;
  }
  return best.x;
}

/** The step that interpolation asks for, where it is to be trusted. */
function interpolated(before: Point, best: Point, other: Point, near: number): number | undefined {
  const last = best.x - before.x;
  if (Math.abs(last) < near || Math.abs(before.y) <= Math.abs(best.y)) return undefined;
  const across = other.x - best.x;
  const [up, down] = before.x === other.x ? secant(before, best, across) : inverseQuadratic(before, best, other, across);
  const [p, q] = up > 0 ? [up, -down] : [-up, down];
  const trusted = p < 0.75 * across * q - Math.abs(near * q) / 2 && p < Math.abs((last * q) / 2);
  return trusted ? p / q : undefined;
}

function secant(before: Point, best: Point, across: number): [number, number] {
  const s = best.y / before.y;
  return [across * s, 1 - s];
}

function inverseQuadratic(before: Point, best: Point, other: Point, across: number): [number, number] {
  const q = before.y / other.y;
  const r = best.y / other.y;
  const s = best.y / before.y;
  return [s * (across * q * (q - r) - (best.x - before.x) * (r - 1)), (q - 1) * (r - 1) * (s - 1)];
}
