/** Consecutive parts of a list, `size` long; what is left over at the end is too little to count. */
export function blocksOf<T>(list: T[], size: number): T[][] {
  return Array.from({ length: Math.floor(list.length / size) }, (_, index) => list.slice(index * size, (index + 1) * size));
}

export const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

export function variance(values: number[]): number {
  if (values.length < 2) return 0;
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
}

export function median(values: number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/**
 * Variance of drift between blocks: of their levels, without what their own noise explains. Robust against single blocks that are far off
 * (no more than 1.3 MAD), and somewhat too large on purpose (1.3): too little would see regressions where there is drift.
 */
export function driftVariance(levels: number[], explained: number): number {
  if (levels.length < 3) return 0;
  const middle = median(levels);
  // Scaled so that it is the deviation of a bell.
  const mad = 1.4826 * median(levels.map((level) => Math.abs(level - middle)));
  return 1.3 * Math.max(0, Math.min(variance(levels), (1.3 * mad) ** 2) - explained);
}

/** A usual drift counts for as much as this many independent pieces of the past: a few hours tell little of how far two regions drift apart. */
const piecesAssumed = 2;

/** How far the log ratio drifts: what the past shows, drawn up to what is usual by how little past there is, and never down. */
export function driftSigma(levels: number[], explained: number, { least, usual, pieces }: { least: number; usual: number; pieces: number }): number {
  const learned = Math.max(least ** 2, driftVariance(levels, explained));
  return Math.sqrt(Math.max(learned, (pieces * learned + piecesAssumed * usual ** 2) / (pieces + piecesAssumed)));
}

/** A learned figure and a default one, by how much of the past there was. */
export const blend = (learned: number, standard: number, weight: number): number => weight * learned + (1 - weight) * standard;
