import type { Effects } from '../drift/hypotheses.js';
import type { Grid } from '../drift/grid.js';
import type { Noise, Reference } from '../noise/noise.js';
import type { CheckLook } from '../sample.js';
import type { JudgeTimes } from '../times.js';

/** What a look says of every log ratio of a grid, and which controls it was compared with. */
export interface Compared {
  /** Of any scale, the same for all points. */
  likelihood: Float64Array;
  controls: string[];
}

/** How one kind of check is compared. */
export interface Kind {
  /** Smallest effect that matters where a check does not say. */
  margin: number;
  learn(history: CheckLook[], reference: Reference, times: JudgeTimes): Noise;
  /** `coarse` points are so many times as far apart. */
  grid(noise: Noise, effects: Effects, coarse?: number): Grid;
  effects: Effects;
  /** Undefined where the look cannot be compared. */
  compare(look: CheckLook, noise: Noise, grid: Grid, without: readonly string[]): Compared | undefined;
  /** Changes of a control by itself: those above none are an incident, after the others it is no control any more. */
  changes: number[];
}

export const logs = (factors: number[]): number[] => factors.map(Math.log);
