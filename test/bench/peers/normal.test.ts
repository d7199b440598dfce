import { describe, expect, it } from 'vitest';
import { logNormalCdf, normalQuantile } from '../../../bench/judge/peers/normal.js';

// Reference values: scipy 1.x, norm.logcdf and norm.ppf.
const logShares = [
  [-40, -804.6084420137539], [-8, -35.01343715991456], [-5.01, -15.116911800640429], [-4.99, -15.013181717689323], [-1, -1.8410216450092634],
  [0, -Math.LN2], [0.5, -0.36894641528865635], [3, -0.0013508099647481925], [4.99, -3.0189650809159423e-7],
  [5.01, -2.7215021431844817e-7], [8, -6.220960574271742e-16], [9, -1.1285884059538324e-19],
] as const;

const quantiles = [
  [1e-300, -37.0470962993612], [1e-10, -6.361340902404056], [0.01, -2.3263478740408408], [0.025, -1.9599639845400545],
  [0.3, -0.5244005127080409], [0.5, 0], [0.9, 1.2815515655446004], [0.999999, 4.753424308817087],
] as const;

describe('the normal distribution', () => {
  it.each(logShares)('has e^(its log) below %d', (z, wanted) => {
    expect(Math.abs(logNormalCdf(z) / wanted - 1)).toBeLessThan(1e-12);
  });

  it.each(quantiles)('has %d below its quantile', (share, wanted) => {
    expect(Math.abs(normalQuantile(share) - wanted)).toBeLessThan(1e-11 * Math.max(1, Math.abs(wanted)));
  });

  it('has no quantile for what is no share', () => {
    for (const share of [0, 1, -1, Number.NaN]) expect(() => normalQuantile(share)).toThrow(RangeError);
  });
});
