import type { Random } from './random.js';

/** The looks of a simulated soak: `history` looks before the deploy, then the soak. The length of a look in seconds. */
export interface Grid {
  looks: number;
  history: number;
  step: number;
}

/** Multiplies what a region measures: the logarithm of a factor for each look. */
type Noise = (grid: Grid, random: Random) => Float64Array;

/** Who has it: every region one of its own, all the same, only the one under test, only the controls (the same), or only the first of them. */
export type Whose = 'each' | 'all' | 'region' | 'controls' | 'one-control';

export interface Term {
  whose: Whose;
  noise: Noise;
}

/** Mean-reverting: the drift that the judge assumes (judge.md, section 2), with `sigma` as its stationary deviation. */
export const meanReverting =
  (sigma: number, minutes = 30): Noise =>
  (grid, random) => {
    const keep = Math.exp(-grid.step / (60 * minutes));
    const kick = sigma * Math.sqrt(1 - keep * keep);
    let theta = sigma * random.normal();
    return series(grid, () => (theta = keep * theta + kick * random.normal()));
  };

/** Never comes back. `sigma` is how far it gets in half an hour. */
export const randomWalk =
  (sigma: number): Noise =>
  (grid, random) => {
    const kick = sigma * Math.sqrt(grid.step / 1800);
    let theta = 0;
    return series(grid, () => (theta += kick * random.normal()));
  };

/** Long memory, 1/f: octaves of mean reversion between one minute and seventeen hours, equally strong. */
export const longMemory =
  (sigma: number): Noise =>
  (grid, random) => {
    const octaves = Array.from({ length: 11 }, (_, octave) => meanReverting(sigma / Math.sqrt(11), 2 ** octave)(grid, random));
    return series(grid, (look) => octaves.reduce((sum, octave) => sum + (octave[look] ?? 0), 0));
  };

/** A day's wave with a smaller half-day's wave, at a phase of its own: regions sleep at different hours. */
export const daily =
  (amplitude: number): Noise =>
  (grid, random) => {
    const phase = 2 * Math.PI * random.uniform();
    const second = 2 * Math.PI * random.uniform();
    return series(grid, (look) => {
      const angle = (2 * Math.PI * look * grid.step) / 86_400;
      return amplitude * (Math.sin(angle + phase) + 0.4 * Math.sin(2 * angle + second));
    });
  };

/** A working week: lower at night and at the weekend, with edges of half an hour; the soak begins at any hour of the week. */
export const weekly =
  (amplitude: number): Noise =>
  (grid, random) => {
    const start = 168 * random.uniform();
    return series(grid, (look) => {
      const hour = (start + (look * grid.step) / 3600) % 168;
      const inDay = hour % 24;
      const open = edge(inDay - 8) - edge(inDay - 19);
      return amplitude * (hour < 120 ? open : 0.3 * open);
    });
  };

const edge = (hours: number): number => 1 / (1 + Math.exp(-8 * hours));

/** Bursts with a Pareto tail (index 1.5, so the variance is infinite), each rising at once and falling over some minutes. At most ×20. */
export const heavyBursts =
  (perHour: number, least: number, minutes = 3): Noise =>
  (grid, random) => {
    const theta = new Float64Array(grid.looks);
    const chance = 1 - Math.exp((-perHour * grid.step) / 3600);
    for (let look = 0; look < grid.looks; look++) {
      if (random.uniform() >= chance) continue;
      const height = Math.min(3, least * (1 - random.uniform()) ** (-1 / 1.5));
      const fade = random.exponential(minutes * 60);
      for (let later = look; later < grid.looks && (later - look) * grid.step < 5 * fade; later++) {
        theta[later] = Math.min(3, (theta[later] ?? 0) + height * Math.exp((-(later - look) * grid.step) / fade));
      }
    }
    return theta;
  };

/** One hump after the deploy, that ends: caches are cold, pools are empty. */
export const warmUp =
  (factor: number, minutes: number): Noise =>
  (grid) =>
    series(grid, (look) => Math.log(1 + (factor - 1) * hump(sinceDeploy(grid, look) / minutes)));

// Full at once, linear to nothing.
const hump = (share: number): number => (share < 0 ? 0 : Math.max(0, 1 - share));

/** Lasts from one minute after the deploy to another (both may lie before it); `by` takes the shape from one soak to the next. */
export const plateau =
  (factor: number, from: (random: Random) => number, until: (random: Random) => number): Noise =>
  (grid, random) => {
    const [begin, end] = [from(random), until(random)];
    return series(grid, (look) => (sinceDeploy(grid, look) >= begin && sinceDeploy(grid, look) < end ? Math.log(factor) : 0));
  };

/** Minutes since the deploy at the start of a look. */
export const sinceDeploy = (grid: Grid, look: number): number => ((look - grid.history) * grid.step) / 60;

const series = (grid: Grid, at: (look: number) => number): Float64Array => Float64Array.from({ length: grid.looks }, (_, look) => at(look));
