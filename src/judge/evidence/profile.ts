/** Evidence for one size of an effect (a logarithm) against none. */
export interface Weighed {
  effect: number;
  logE: number;
}

/** An effect as a logarithm, with its 95 % interval. */
export interface Estimate {
  effect: number;
  low: number;
  high: number;
  /** The smallest or largest size that is weighed is not excluded: the interval goes on beyond it. */
  isOpen: { low: boolean; high: boolean };
}

/** Half of the 95 % point of χ² with one degree of freedom. */
const drop = 1.9207;

/** Evidence that excludes an effect: 20 : 1 against it. */
export const exclusion = Math.log(20);

/**
 * The effect that explains the looks best, and those that are not much worse: a profile likelihood interval (S. S. Wilks, 1938) over a
 * coarse list. The root of the drop is nearly straight in the effect, so that it is interpolated and not the likelihood.
 */
export function estimate(weighed: Weighed[], known = 0): Estimate {
  const top = topOf(weighed);
  const edge = (points: Weighed[]): { at: number; isOpen: boolean } => {
    let [nearer, nearerRoot] = [top.effect, 0];
    for (const { effect, logE } of points) {
      const root = Math.sqrt(Math.max(0, top.logE - logE));
      if (root >= Math.sqrt(drop)) return { at: nearer + ((effect - nearer) * (Math.sqrt(drop) - nearerRoot)) / (root - nearerRoot || 1), isOpen: false };
      [nearer, nearerRoot] = [effect, root];
    }
    return { at: nearer, isOpen: true };
  };
  const low = edge(weighed.filter(({ effect }) => effect < top.effect).toReversed());
  const high = edge(weighed.filter(({ effect }) => effect > top.effect));
  const more = 1.96 * known;
  return {
    effect: top.effect,
    low: top.effect - Math.hypot(top.effect - low.at, more),
    high: top.effect + Math.hypot(high.at - top.effect, more),
    isOpen: { low: low.isOpen, high: high.isOpen },
  };
}

/** The best of the list, moved to the top of the parabola through it and its neighbours. */
function topOf(weighed: Weighed[]): Weighed {
  const index = weighed.reduce((best, { logE }, at) => (logE > weighed[best]!.logE ? at : best), 0);
  const [left, middle, right] = [weighed[index - 1], weighed[index]!, weighed[index + 1]];
  if (left === undefined || right === undefined || !Number.isFinite(left.logE) || !Number.isFinite(right.logE)) return middle;
  const rise = (middle.logE - left.logE) / (middle.effect - left.effect);
  const fall = (right.logE - middle.logE) / (right.effect - middle.effect);
  const bend = (fall - rise) / (right.effect - left.effect);
  if (!(bend < 0)) return middle;
  const effect = (left.effect + middle.effect) / 2 - rise / (2 * bend);
  const away = effect - middle.effect;
  const slope = rise + bend * (middle.effect - left.effect);
  return { effect, logE: middle.logE + Math.max(0, slope * away + bend * away * away) };
}

/** The smallest effect above none from which on every effect is excluded; undefined while even the largest is not. Weighed in order. */
export function excludedFrom(weighed: Weighed[]): number | undefined {
  let found: number | undefined;
  const worse = weighed.filter(({ effect }) => effect > 0);
  for (let index = worse.length - 1; index >= 0; index--) {
    const { effect, logE } = worse[index]!;
    if (logE > -exclusion) {
      const next = worse[index + 1];
      if (next === undefined || !Number.isFinite(next.logE)) return found;
      return effect + ((next.effect - effect) * (logE + exclusion)) / (logE - next.logE);
    }
    found = effect;
  }
  return found;
}
