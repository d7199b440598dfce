/** Where the log ratio stands under one hypothesis: shares of one, and how much likelier the looks were under it than without an effect. */
export interface Belief {
  mass: Float32Array;
  /** Points that the hypothesis moves the ratio by. */
  shift: number;
  /** Natural logarithm of its weight against the hypothesis of no effect. */
  logWeight: number;
}

/** Shares below this are nothing: they would only make the state large. */
const negligible = 1e-9;

/** Weighs a belief with the likelihood of a look; gives back the logarithm of what the look was worth under it. */
export function weigh(belief: Belief, likelihood: Float64Array, below: number): number {
  const { mass } = belief;
  const offset = below + belief.shift;
  let sum = 0;
  for (let index = 0; index < mass.length; index++) sum += mass[index]! * likelihood[index + offset]!;
  if (!(sum > 0)) return -Infinity;
  for (let index = 0; index < mass.length; index++) {
    const share = (mass[index]! * likelihood[index + offset]!) / sum;
    mass[index] = share < negligible ? 0 : share;
  }
  return Math.log(sum);
}

/** A bell around `mean` on the points of a grid that begins at `first`. */
export function bell(points: number, first: number, step: number, mean: number, sd: number): Float32Array {
  const mass = Float64Array.from({ length: points }, (_, index) => Math.exp(-0.5 * ((first + index * step - mean) / sd) ** 2));
  const sum = mass.reduce((total, share) => total + share, 0);
  return Float32Array.from(mass, (share) => share / sum);
}

/** Adds `share` of one belief to another: the effect may also have begun now. Both masses are shares of one, before and after. */
export function join(into: Belief, from: Float32Array, logShare: number): void {
  const top = Math.max(into.logWeight, logShare);
  const own = Math.exp(into.logWeight - top);
  const added = Math.exp(logShare - top);
  for (let index = 0; index < from.length; index++) into.mass[index] = (own * into.mass[index]! + added * from[index]!) / (own + added);
  into.logWeight = top + Math.log(own + added);
}
