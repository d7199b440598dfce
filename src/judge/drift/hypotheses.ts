import { bell, join, weigh, type Belief } from './belief.js';
import { widthOf, type Grid } from './grid.js';
import { drift, kernelOf, type Kernel } from './kernel.js';

/** What is weighed against "drift alone". Effects are logarithms of factors. */
export interface Effects {
  /** Regressions that are looked for, with equal weight, from the deploy on or from a later moment. */
  looked: number[];
  /** Effects that are excluded or estimated, from the deploy on; in order, below and above none. */
  measured: number[];
}

/** The drift of the log ratio, and where it stood when the judge began. */
export interface DriftNoise {
  mean: number;
  sigma: number;
  /** Spread of the first belief; that of drift itself where the mean is known. */
  startSd: number;
  /** Share of its way back to the mean in one look. */
  share: number;
}

export interface HypothesesState {
  none: string;
  looked: [weight: number | null, mass: string][];
  measured: [weight: number | null, mass: string][];
  /** Onsets that may still come, and their share each. */
  left: number;
}

/** The deploy itself is as likely as all later moments together. */
const deployShare = 0.5;

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
  private left = 0;
  private readonly scratch: Float64Array;
  private readonly likelihood: Float64Array;
  private readonly kernel: Kernel;

  constructor(private readonly grid: Grid, private readonly effects: Effects, noise: DriftNoise, private readonly onsets: number) {
    this.scratch = new Float64Array(grid.points);
    this.likelihood = new Float64Array(widthOf(grid));
    this.kernel = kernelOf(grid, noise);
    this.none = { mass: bell(grid.points, grid.first, grid.step, noise.mean, noise.startSd), shift: 0, logWeight: 0 };
  }

  /** Lets drift go on for some looks that brought nothing. */
  wait(looks: number): void {
    for (const { mass } of [this.none, ...this.looked, ...this.measured]) {
      for (let round = 0; round < looks; round++) drift(mass, this.kernel, this.scratch);
    }
  }

  /** One look; `logLikelihood` of every point of the grid, those that effects lead to included. */
  observe(logLikelihood: Float64Array): void {
    this.wait(1);
    const top = logLikelihood.reduce((most, each) => Math.max(most, each), -Infinity);
    for (let index = 0; index < logLikelihood.length; index++) this.likelihood[index] = Math.exp(logLikelihood[index]! - top);
    const without = weigh(this.none, this.likelihood, this.grid.below);
    for (const belief of [...this.looked, ...this.measured]) belief.logWeight += weigh(belief, this.likelihood, this.grid.below) - without;
  }

  /** The deploy: from here on effects are possible. */
  deploy(): void {
    const from = (effect: number, logWeight: number): Belief =>
      ({ mass: this.none.mass.slice(), shift: Math.round(effect / this.grid.step), logWeight });
    this.looked = this.effects.looked.map((effect) => from(effect, Math.log(deployShare)));
    this.measured = this.effects.measured.map((effect) => from(effect, 0));
    this.left = this.onsets;
  }

  /** A later moment from which an effect may date, before the look that would show it. */
  onset(): void {
    if (this.left === 0) return;
    this.left -= 1;
    for (const belief of this.looked) join(belief, this.none.mass, Math.log((1 - deployShare) / this.onsets));
  }

  /** Logarithm of the evidence that something got worse; onsets still to come count as none. */
  get logE(): number {
    const toCome = this.onsets === 0 ? 1 - deployShare : ((1 - deployShare) * this.left) / this.onsets;
    return logMean(this.looked.map(({ logWeight }) => logSum(logWeight, Math.log(toCome))));
  }

  /** Logarithm of the evidence for each measured effect against none, in their order. */
  get measuredLogE(): number[] {
    return this.measured.map(({ logWeight }) => logWeight);
  }

  /** Mean and spread of the log ratio as drift alone explains it. */
  get level(): { mean: number; sd: number } {
    const { first, step } = this.grid;
    const { mass } = this.none;
    const mean = mass.reduce((sum, share, index) => sum + share * (first + index * step), 0);
    const variance = mass.reduce((sum, share, index) => sum + share * (first + index * step - mean) ** 2, 0);
    return { mean, sd: Math.sqrt(Math.max(variance, (step * step) / 12)) };
  }

  /** Another judge's belief of where the ratio stands, as the start of this one. */
  startFrom({ none }: Hypotheses): this {
    this.none = { ...none, mass: none.mass.slice() };
    return this;
  }

  save(): HypothesesState {
    const pack = ({ logWeight, mass }: Belief): [number | null, string] => [Number.isFinite(logWeight) ? logWeight : null, packed(mass)];
    return { none: packed(this.none.mass), looked: this.looked.map(pack), measured: this.measured.map(pack), left: this.left };
  }

  restore(state: HypothesesState): this {
    const { points, step } = this.grid;
    const unpack = (effects: number[]) => ([logWeight, mass]: [number | null, string], index: number): Belief =>
      ({ mass: unpacked(mass, points), shift: Math.round(effects[index]! / step), logWeight: logWeight ?? -Infinity });
    this.none = { mass: unpacked(state.none, points), shift: 0, logWeight: 0 };
    this.looked = state.looked.map(unpack(this.effects.looked));
    this.measured = state.measured.map(unpack(this.effects.measured));
    this.left = state.left;
    return this;
  }
}

export function logSum(left: number, right: number): number {
  const top = Math.max(left, right);
  return top === -Infinity ? -Infinity : top + Math.log(Math.exp(left - top) + Math.exp(right - top));
}

export const logMean = (logs: number[]): number => logs.reduce(logSum, -Infinity) - Math.log(logs.length);

/** The part of a mass that is not nothing: where it begins, and its shares as they are. */
function packed(mass: Float32Array): string {
  const begin = Math.max(0, mass.findIndex((share) => share > 0));
  const end = mass.findLastIndex((share) => share > 0) + 1;
  const shares = mass.slice(begin, end);
  return `${begin}:${Buffer.from(shares.buffer, shares.byteOffset, shares.byteLength).toString('base64')}`;
}

function unpacked(text: string, points: number): Float32Array {
  const [begin = '0', shares = ''] = text.split(':');
  const bytes = Buffer.from(shares, 'base64');
  const mass = new Float32Array(points);
  for (let index = 0; index < bytes.length / 4; index++) mass[Number(begin) + index] = bytes.readFloatLE(4 * index);
  return mass;
}
