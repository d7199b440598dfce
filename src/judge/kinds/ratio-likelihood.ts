import { overGrid, type Grid } from '../drift/grid.js';
import { logGamma } from '../numerics/log-gamma.js';
import type { RatioReading } from './ratio-reading.js';

/** Looks that no drift and no effect explains. */
const outlierShare = 0.01;

/** Counts up to this are multiplied out, which is faster than four gamma functions. */
const fewCounts = 24;

/**
 * Likelihood of one look for every log ratio of the grid. With controls the region's share of all bad requests is beta-binomial with
 * q = n_r e^θ / (n_r e^θ + n_c): what hits all regions alike cancels out. Without them its bad requests are, with q = e^θ. `spread` is
 * over-dispersion, a variance on the logit scale. What points above the level `most` is told apart no further: such a look says "at least
 * so bad", so that an outage which is worse than every size that is looked for is none of the looks that nothing explains.
 */
export function ratioLikelihood(reading: RatioReading, grid: Grid, spread: number, most = Infinity): Float64Array {
  const { bad, total, controlBad, controlTotal } = reading;
  const hasControls = controlTotal > 0;
  const counted = hasControls ? bad + controlBad : total;
  const shareAt = (level: number): number => {
    const ratio = Math.exp(level);
    return hasControls ? within((total * ratio) / (total * ratio + controlTotal)) : Math.min(ratio, 0.99);
  };
  const fewest = most === Infinity ? Infinity : Math.max(1, Math.ceil(counted * shareAt(most)));
  const isBeyond = bad >= fewest;
  const seen = isBeyond ? fewest : bad;
  const logChoose = logGamma(counted + 1) - logGamma(seen + 1) - logGamma(counted - seen + 1);
  const outlier = (outlierShare * (isBeyond ? counted - seen + 1 : 1)) / (counted + 1);
  return overGrid(grid, (level) => {
    const share = shareAt(level);
    // Where digits get lost in huge counts it is no more than one, all the same.
    const exactly = Math.exp(Math.min(0, logChoose + logBetaBinomial(seen, counted, share, spread)));
    return (1 - outlierShare) * (isBeyond ? atLeast(exactly, { seen, counted, share, spread }) : exactly) + outlier;
  });
}

/** Probability of so many or more: all where they are expected, else by a geometric series. */
function atLeast(exactly: number, { seen, counted, share, spread }: { seen: number; counted: number; share: number; spread: number }): number {
  if (counted * share >= seen) return 1;
  const precision = Math.max(1e-3, 1 / (share * (1 - share) * spread) - 1);
  const next = ((counted - seen) * (seen + share * precision)) / ((seen + 1) * (counted - seen - 1 + (1 - share) * precision));
  return Math.min(1, exactly / Math.max(1 - next, 1e-9));
}

/** A share of none or all, by rounding, would know for certain what nobody knows. */
const within = (share: number): number => Math.min(1 - 1e-12, Math.max(1e-12, share));

/** Without the binomial coefficient. */
function logBetaBinomial(bad: number, counted: number, share: number, spread: number): number {
  const precision = 1 / (share * (1 - share) * spread) - 1;
  if (!(precision > 1e-3)) return logBetaBinomial(bad, counted, share, 0.99 / (share * (1 - share)));
  if (precision > 1e7 * Math.max(1, counted)) return bad * Math.log(share) + (counted - bad) * Math.log1p(-share);
  const a = share * precision;
  const b = precision - a;
  if (counted <= fewCounts && Number.isInteger(bad) && Number.isInteger(counted)) return Math.log(multipliedOut(bad, counted, a, b));
  return logGamma(bad + a) - logGamma(a) + logGamma(counted - bad + b) - logGamma(b) - (logGamma(counted + precision) - logGamma(precision));
}

function multipliedOut(bad: number, counted: number, a: number, b: number): number {
  const precision = a + b;
  let product = 1;
  for (let index = 0; index < bad; index++) product *= (a + index) / (precision + index);
  for (let index = 0; index < counted - bad; index++) product *= (b + index) / (precision + bad + index);
  return product;
}
