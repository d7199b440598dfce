const edges = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Share of a bell below `z` (Abramowitz & Stegun 26.2.17). */
function below(z: number): number {
  if (z < 0) return 1 - below(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const tail = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return 1 - (Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI)) * tail;
}

/** Cumulative buckets of so many requests that take about 80 ms, `e^shift` times as long: the usual edges. */
export const latencies = (requests: number, shift = 0): Record<string, number> =>
  ({ ...Object.fromEntries(edges.map((edge) => [String(edge), Math.round(requests * below((Math.log(edge / 0.08) - shift) / 0.8))])), '+Inf': requests });
