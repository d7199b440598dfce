/** The logarithms of the ratio between the region and its reference that are told apart, and the effects that are weighed on them. */
export interface Grid {
  /** Distance of two points. */
  step: number;
  /** Where drift alone may lead. */
  points: number;
  /** The first of those points. */
  first: number;
  /** Points below and above them that an effect can lead to. */
  below: number;
  above: number;
}

/** Points of the likelihood: those of drift alone, and those that effects lead to. */
export const widthOf = ({ points, below, above }: Grid): number => below + points + above;

/** The value at an index of the likelihood. */
export const valueAt = ({ first, below, step }: Grid, index: number): number => first + (index - below) * step;

/** A function of the value at every point of the likelihood. */
export function overGrid(grid: Grid, of: (value: number) => number): Float64Array {
  const values = new Float64Array(widthOf(grid));
  for (let index = 0; index < values.length; index++) values[index] = of(valueAt(grid, index));
  return values;
}

const fewestReach = 8;
const mostReach = 120;

/** A grid around `mean` that holds drift of this spread, with room for effects (logarithms) between `smallest` and `largest`. */
export function gridAround(mean: number, spread: number, step: number, effects: { smallest: number; largest: number }): Grid {
  const reach = Math.min(mostReach, Math.max(fewestReach, Math.ceil(spread / step)));
  return {
    step,
    points: 2 * reach + 1,
    first: mean - reach * step,
    below: Math.max(0, Math.ceil(-effects.smallest / step)),
    above: Math.max(0, Math.ceil(effects.largest / step)),
  };
}
