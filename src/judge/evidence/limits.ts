/** Looks in a row beyond a hard limit that fail a value: one spike is no regression. */
export const limitLooks = 3;

export interface Limits {
  max?: number | undefined;
  min?: number | undefined;
}

export const isBeyond = ({ max, min }: Limits, value: number): boolean => (max !== undefined && value > max) || (min !== undefined && value < min);

/** The limit that a value is held against: the one that it breaks, else the upper one; null where there is none. */
export function limitFor({ max, min }: Limits, value: number | null): number | null {
  if (min !== undefined && (max === undefined || (value !== null && value < min))) return min;
  return max ?? null;
}
