import type { Kernel } from './kernel.js';

/** Where the log ratio stands under one hypothesis: shares of one, and how much likelier the looks were under it than without an effect. */
export class Belief {
  /** The shares that are not nothing lie from `begin` up to, not including, `end`. */
  private begin = 0;
  private end: number;

  private constructor(
    private mass: Float32Array,
    /** Points that the hypothesis moves the ratio by. */
    private readonly shift: number,
    /** Natural logarithm of its weight against the hypothesis of no effect. */
    public logWeight: number,
  ) {
    this.end = mass.length;
  }

  /** A bell around `mean` on the points of a grid that begins at `first`. */
  static bell(points: number, { first, step }: { first: number; step: number }, { mean, sd }: { mean: number; sd: number }): Belief {
    const mass = new Float64Array(points);
    for (let index = 0; index < points; index++) mass[index] = Math.exp(-0.5 * ((first + index * step - mean) / sd) ** 2);
    const sum = mass.reduce((total, share) => total + share, 0);
    return new Belief(Float32Array.from(mass, (share) => share / sum), 0, 0).trim();
  }

  /** The same belief of drift, with an effect besides. */
  with(shift: number, logWeight: number): Belief {
    return new Belief(this.mass.slice(), shift, logWeight).trim();
  }

  /** Lets the ratio drift for one look. `scratch` is as long as the mass. */
  drift({ up, down, times }: Kernel, scratch: Float64Array): void {
    const { mass } = this;
    for (let round = 0; round < times; round++) {
      const begin = Math.max(0, this.begin - 1);
      const end = Math.min(mass.length, this.end + 1);
      for (let index = begin; index < end; index++) {
        const below = index > begin ? mass[index - 1]! * up[index - 1]! : 0;
        const above = index + 1 < end ? mass[index + 1]! * down[index + 1]! : 0;
        scratch[index] = mass[index]! * (1 - up[index]! - down[index]!) + below + above;
      }
      for (let index = begin; index < end; index++) mass[index] = scratch[index]!;
      this.begin = begin;
      this.end = end;
    }
  }

  /** Weighs the belief with the likelihood of a look; gives back the logarithm of what the look was worth under it. */
  weigh(likelihood: Float64Array, below: number): number {
    const { mass, begin, end } = this;
    const offset = below + this.shift;
    let sum = 0;
    for (let index = begin; index < end; index++) sum += mass[index]! * likelihood[index + offset]!;
    if (!(sum > 0)) return -Infinity;
    const scale = 1 / sum;
    for (let index = begin; index < end; index++) mass[index] = mass[index]! * likelihood[index + offset]! * scale;
    this.trim();
    return Math.log(sum);
  }

  /** Adds a share of another belief: the effect may also have begun now. */
  join({ mass: other, begin, end }: Belief, logShare: number): void {
    const top = Math.max(this.logWeight, logShare);
    const own = Math.exp(this.logWeight - top);
    const added = Math.exp(logShare - top);
    this.begin = Math.min(this.begin, begin);
    this.end = Math.max(this.end, end);
    for (let index = this.begin; index < this.end; index++) this.mass[index] = (own * this.mass[index]! + added * other[index]!) / (own + added);
    this.logWeight = top + Math.log(own + added);
    this.trim();
  }

  /** Mean and variance, in points. */
  get moments(): { mean: number; variance: number } {
    const mean = this.mass.reduce((sum, share, index) => sum + share * index, 0);
    return { mean, variance: this.mass.reduce((sum, share, index) => sum + share * (index - mean) ** 2, 0) };
  }

  /** Shares that are next to nothing are nothing: they would only cost time and space. */
  private trim(): this {
    const { mass } = this;
    while (this.begin < this.end && mass[this.begin]! < negligible) mass[this.begin++] = 0;
    while (this.end > this.begin && mass[this.end - 1]! < negligible) mass[--this.end] = 0;
    return this;
  }

  /** Weight, and the part of the mass that is not nothing with where it begins: exactly what was there, and short. */
  save(): BeliefState {
    const { buffer, byteOffset, byteLength } = this.mass.subarray(this.begin, this.end);
    return [Number.isFinite(this.logWeight) ? this.logWeight : null, this.begin, Buffer.from(buffer, byteOffset, byteLength).toString('base64')];
  }

  static restore([logWeight, begin, text]: BeliefState, points: number, shift: number): Belief {
    const mass = new Float32Array(points);
    const bytes = Buffer.from(mass.buffer).write(text, 4 * begin, 'base64');
    // Nothing is trimmed here: it goes on exactly as it would have without having been saved.
    const belief = new Belief(mass, shift, logWeight ?? -Infinity);
    belief.begin = begin;
    belief.end = begin + bytes / 4;
    return belief;
  }
}

/** As finely as shares of this size are kept. */
const negligible = 1e-7;

export type BeliefState = [logWeight: number | null, begin: number, shares: string];
