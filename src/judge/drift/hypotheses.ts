import { Belief, type BeliefState } from './belief.js';
import type { Grid } from './grid.js';
import { kernelOf, type Drift, type Kernel } from './kernel.js';

/** What is weighed against "drift alone". Effects are logarithms of factors. */
export interface Effects {
  /** Regressions that are looked for, with equal weight, from the deploy on or from a later moment. */
  looked: number[];
  /** How many of them, at the end, share the weight of one: so large that they are seen at once. */
  rare: number;
  /** Effects that are excluded or estimated, from the deploy on; in order, below and above none. */
  measured: number[];
}

/** The drift of the log ratio, and where it stood when the judge began. */
export interface DriftNoise extends Drift {
  /** Spread of the first belief; that of drift itself where the mean is known. */
  startSd: number;
}

export interface HypothesesState {
  none: BeliefState;
  looked: BeliefState[];
  measured: BeliefState[];
  /** Onsets that have been. */
  begun: number;
}

/** The deploy itself is as likely as all later moments together; most of those lie within the time of the soak, the others get half as likely from one such time to the next. */
const deployShare = 0.5;
const soakShare = 0.375;
const laterShare = 1 - deployShare - soakShare;

/**
 * A drift-aware mixture e-process. The log ratio θ between a region and its reference drifts by itself (H0); under H(j,d) it stands d
 * higher from moment j on. E = Σ w_j w_d p(looks | H(j,d)) / p(looks | H0), each by the forward algorithm on a grid of θ. All onsets of
 * one size share one belief: the mixture is linear in its parts. By Ville's inequality E reaches 1/α with probability α at most while
 * nothing got worse, however often one looks.
 */
export class Hypotheses {
  private none: Belief;
  private looked: Belief[] = [];
  private measured: Belief[] = [];
  private begun = 0;
  private readonly scratch: Float64Array;
  private readonly kernel: Kernel;

  constructor(private readonly grid: Grid, private readonly effects: Effects, noise: DriftNoise, private readonly onsets: number) {
    this.scratch = new Float64Array(grid.points);
    this.kernel = kernelOf(grid, noise);
    this.none = Belief.bell(grid.points, grid, { mean: noise.mean, sd: noise.startSd });
  }

  /** Lets drift go on for some looks that brought nothing. */
  wait(looks: number): void {
    for (let round = 0; round < looks; round++) {
      this.none.drift(this.kernel, this.scratch);
      for (const belief of this.looked) belief.drift(this.kernel, this.scratch);
      for (const belief of this.measured) belief.drift(this.kernel, this.scratch);
    }
  }

  /** One look: its likelihood at every point of the grid, those that effects lead to included; of any scale. */
  observe(likelihood: Float64Array): void {
    this.wait(1);
    const without = this.none.weigh(likelihood, this.grid.below);
    for (const belief of this.looked) belief.logWeight += belief.weigh(likelihood, this.grid.below) - without;
    for (const belief of this.measured) belief.logWeight += belief.weigh(likelihood, this.grid.below) - without;
  }

  /** The deploy: from here on effects are possible. */
  deploy(): void {
    const from = (effect: number, logWeight: number): Belief => this.none.with(Math.round(effect / this.grid.step), logWeight);
    this.looked = this.effects.looked.map((effect) => from(effect, Math.log(deployShare)));
    this.measured = this.effects.measured.map((effect) => from(effect, 0));
    this.begun = 0;
  }

  /** A later moment from which an effect may date, before the look that would show it. */
  onset(): void {
    const period = Math.floor(this.begun / this.onsets);
    const share = period === 0 ? soakShare : laterShare / 2 ** period;
    this.begun += 1;
    for (const belief of this.looked) belief.join(this.none, Math.log(share / this.onsets));
  }

  /** Logarithm of the evidence that something got worse; onsets still to come count as none. */
  get logE(): number {
    const toCome = this.shareToCome;
    const { looked: { length }, rare } = this.effects;
    const usual = length - rare;
    const share = (index: number): number => (index < usual ? 1 : 1 / rare) / (usual + Math.min(1, rare));
    return this.looked.reduce((sum, { logWeight }, index) => logSum(sum, Math.log(share(index)) + logSum(logWeight, Math.log(toCome))), -Infinity);
  }

  /** Of the weight of one size, what onsets still to come will have. */
  private get shareToCome(): number {
    const periods = this.begun / this.onsets;
    if (periods < 1) return laterShare + soakShare * (1 - periods);
    const whole = Math.floor(periods);
    return (laterShare / 2 ** whole) * (2 - (periods - whole));
  }

  /** The effect that is looked for and has most evidence. */
  get likeliest(): number {
    const top = this.looked.reduce((best, { logWeight }, index) => (logWeight > this.looked[best]!.logWeight ? index : best), 0);
    return this.effects.looked[top]!;
  }

  /** Logarithm of the evidence for each measured effect against none, in their order. */
  get measuredLogE(): number[] {
    return this.measured.map(({ logWeight }) => logWeight);
  }

  /** Mean and spread of the log ratio as drift alone explains it. */
  get level(): { mean: number; sd: number } {
    const { first, step } = this.grid;
    const { mean, variance } = this.none.moments;
    return { mean: first + mean * step, sd: step * Math.sqrt(Math.max(variance, 1 / 12)) };
  }

  /** Another judge's belief of where the ratio stands, as the start of this one. */
  startFrom({ none }: Hypotheses): this {
    this.none = none.with(0, 0);
    return this;
  }

  save(): HypothesesState {
    const save = (belief: Belief): BeliefState => belief.save();
    return { none: this.none.save(), looked: this.looked.map(save), measured: this.measured.map(save), begun: this.begun };
  }

  restore({ none, looked, measured, begun }: HypothesesState): this {
    const { points, step } = this.grid;
    const restore = (effects: number[]) => (state: BeliefState, index: number): Belief => Belief.restore(state, points, Math.round(effects[index]! / step));
    this.none = Belief.restore(none, points, 0);
    this.looked = looked.map(restore(this.effects.looked));
    this.measured = measured.map(restore(this.effects.measured));
    this.begun = begun;
    return this;
  }
}

export function logSum(left: number, right: number): number {
  const top = Math.max(left, right);
  return top === -Infinity ? -Infinity : top + Math.log(Math.exp(left - top) + Math.exp(right - top));
}

export const logMean = (logs: number[]): number => logs.reduce(logSum, -Infinity) - Math.log(logs.length);
