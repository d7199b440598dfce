export interface Quantiles {
  median: number;
  p95: number;
  p99: number;
}

export function quantiles(numbers: number[]): Quantiles {
  const sorted = numbers.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { median: at(0.5), p95: at(0.95), p99: at(0.99) };
}
