import { Hypotheses, type DriftNoise, type Effects, type HypothesesState } from '../drift/hypotheses.js';
import { valueAt, type Grid } from '../drift/grid.js';
import type { Kind } from '../kinds/kind.js';
import { driftOf, type Noise, type Reference } from '../noise/noise.js';
import type { CheckLook } from '../sample.js';
import type { JudgeTimes } from '../times.js';
import { estimate, excludedFrom, exclusion, type Estimate, type Weighed } from './profile.js';
import { replays, type PastLook } from './replays.js';

/** Sums of evidence for each size that is looked for, from the deploy up to a later moment. */
interface Mark {
  /** Seconds since the deploy. */
  at: number;
  sums: number[];
}

export interface ComparisonState {
  noise: Noise;
  replayed: number[];
  hypotheses: HypothesesState;
  start: number;
  sums: number[];
  marks: Mark[];
  begun: number;
  /** It has seen a look since the deploy. */
  isUnderWay: boolean;
  effects: Effects;
  looks: number;
  afterGrace: number[] | null;
  recent: number[][];
  agreement: Record<string, number>;
}

export interface ComparisonSettings {
  kind: Kind;
  times: JudgeTimes;
  /** Smallest effect that matters, as a factor. */
  margin: number;
  /** Longest time that the soak may take (s). */
  soakMax: number;
}

/** A later onset must explain this much more than the deploy (nats) before it is told. */
const laterBy = 3;

/** One look says at most so much to when it began (nats). */
const mostOfOneLook = 20;

/** Weighs one check of a region against its reference: the evidence, the effect, and what is excluded. */
export class Comparison {
  private readonly grid: Grid;
  private readonly effects: Effects;
  private readonly hypotheses: Hypotheses;
  /** The log ratio as it stood at the deploy. */
  private start = 0;
  private sums: number[];
  private marks: Mark[] = [];
  /** Onsets that have been. */
  private begun = 0;
  private isUnderWay = false;
  /** Looks since the deploy that could be compared. */
  looks = 0;
  /** Sums as they stood at the end of the grace; null before. */
  private afterGrace: number[] | null = null;
  /** Sums before each of the last looks, for as long as a confirmation takes. */
  private recent: number[][] = [];
  private agreement: Record<string, number> = {};

  private constructor(private readonly settings: ComparisonSettings, readonly noise: Noise, private replayed: number[], effects?: Effects) {
    const { kind, margin } = settings;
    const rough = kind.grid(noise, kind.effects);
    this.effects = effects ?? withMargin(kind.effects, margin, rough.step);
    this.grid = kind.grid(noise, this.effects);
    this.hypotheses = new Hypotheses(this.grid, this.effects, this.driftNoise, this.onsets);
    this.sums = this.effects.looked.map(() => 0);
  }

  /** Learns from the past; `history` are looks before the deploy. */
  static open(settings: ComparisonSettings, history: CheckLook[], reference: Reference): Comparison {
    const noise = settings.kind.learn(history, reference, settings.times);
    const comparison = new Comparison(settings, noise, []);
    comparison.learn(history);
    return comparison;
  }

  static restore(settings: ComparisonSettings, state: ComparisonState): Comparison {
    // Before the first look nothing was weighed yet: what is asked now may be another margin.
    const isFresh = !state.isUnderWay;
    const comparison = new Comparison(settings, state.noise, state.replayed, isFresh ? undefined : state.effects);
    comparison.hypotheses.restore(state.hypotheses);
    if (isFresh) comparison.hypotheses.deploy();
    Object.assign(comparison, {
      start: state.start, sums: [...state.sums], marks: state.marks.map(({ at, sums }) => ({ at, sums: [...sums] })),
      begun: state.begun, isUnderWay: state.isUnderWay, looks: state.looks, afterGrace: state.afterGrace, recent: state.recent.map((sums) => [...sums]), agreement: { ...state.agreement },
    });
    return comparison;
  }

  private learn(history: CheckLook[]): void {
    const { kind, times, soakMax } = this.settings;
    // Nothing is measured in the past: a smaller grid will do.
    const { looked, rare } = this.effects;
    const effects = { looked: looked.slice(0, looked.length - rare), rare: 0, measured: [] };
    const grid = kind.grid(this.noise, { ...effects, measured: effects.looked });
    const past: PastLook[] = history.map((look) => kind.compare(look, this.noise, grid, [])?.likelihood ?? null);
    const before = new Hypotheses(grid, effects, this.driftNoise, this.onsets);
    for (const look of past) {
      if (look === null) before.wait(1);
      else before.observe(look);
    }
    this.hypotheses.startFrom(before);
    this.start = this.hypotheses.level.mean;
    this.hypotheses.deploy();
    if (this.noise.isLearned) {
      this.replayed = replays(past, {
        grid, effects, noise: this.driftNoise, onsets: this.onsets,
        onsetLooks: Math.round(times.onsetEvery / times.step), soakLooks: Math.min(mostReplayed, Math.round(soakMax / times.step)),
      }).map(rounded);
    }
  }

  /** One look since the deploy, `sinceDeploy` in seconds, `missed` looks after the last one. Gives the controls that it was compared with. */
  observe(look: CheckLook, at: { sinceDeploy: number; missed: number }, without: readonly string[]): string[] {
    const { kind, times } = this.settings;
    this.isUnderWay = true;
    const begun = Math.floor((at.sinceDeploy - times.step / 2) / times.onsetEvery);
    while (this.begun < begun) this.mark();
    if (this.afterGrace === null && at.sinceDeploy > times.grace + times.step / 4) this.afterGrace = this.sums.map(rounded);
    if (at.missed > 0) this.hypotheses.wait(Math.min(at.missed, 200));
    const compared = kind.compare(look, this.noise, this.grid, without);
    if (compared === undefined) {
      this.hypotheses.wait(1);
      return [];
    }
    this.recent = [...this.recent, this.sums.map(rounded)].slice(-Math.max(1, Math.round(times.confirmation / times.step)));
    this.score(compared.likelihood);
    if (this.noise.reference === 'controls') this.agree(look, compared.controls);
    this.hypotheses.observe(compared.likelihood);
    this.looks += 1;
    return compared.controls;
  }

  private mark(): void {
    this.begun += 1;
    this.marks.push({ at: this.begun * this.settings.times.onsetEvery, sums: this.sums.map(rounded) });
    // A long soak keeps every other one of them: it need not be told to the minute since when.
    if (this.marks.length > mostMarks) this.marks = this.marks.filter((_, index) => index % 2 === 1);
    // What is measured by is where drift has led in the meantime, while nothing speaks against drift.
    if (this.begun > this.onsets && this.hypotheses.logE < 0) this.start = rounded(this.hypotheses.level.mean);
    this.hypotheses.onset();
  }

  /** How well each size explains the look, the level as it stood at the deploy. */
  private score(likelihood: Float64Array): void {
    const { grid, effects } = this;
    const at = Math.round((this.start - valueAt(grid, 0)) / grid.step);
    this.sums = this.sums.map((sum, index) => {
      const gain = Math.log(likelihood[at + Math.round(effects.looked[index]! / grid.step)]! / likelihood[at]!);
      return sum + Math.max(-mostOfOneLook, Math.min(mostOfOneLook, gain));
    });
  }

  /** How far each control, by itself, bears out that the region got worse (E. S. Page's cumulative sum, 1954). */
  private agree(look: CheckLook, controls: string[]): void {
    const { kind } = this.settings;
    const grid = { step: this.likeliest, points: 1, first: this.start, below: 0, above: 1 };
    const scores = controls.map((name) => {
      const likelihood = kind.compare({ region: look.region, controls: { [name]: look.controls[name]! } }, this.noise, grid, [])?.likelihood;
      const gain = likelihood === undefined ? 0 : Math.log(likelihood[1]! / likelihood[0]!);
      const before = Object.hasOwn(this.agreement, name) ? this.agreement[name]! : 0;
      return [name, rounded(Math.max(0, Math.min(mostAgreement, before + gain)))] as const;
    });
    this.agreement = Object.fromEntries(scores);
  }

  /** The size that explains the looks best so far (a logarithm), at least the margin. */
  private get likeliest(): number {
    const best = this.sums.reduce((top, sum, index) => (sum > this.sums[top]! ? index : top), 0);
    return Math.max(this.effects.looked[best]!, Math.log(this.settings.margin));
  }

  /** At least half of the controls bear it out, each by itself: one that has changed alone makes no regression. */
  get isAgreed(): boolean {
    const scores = Object.values(this.agreement);
    return this.noise.reference !== 'controls' || scores.filter((score) => score >= enoughAgreement).length * 2 >= Math.max(1, scores.length);
  }

  /** What came after the grace bears it out by itself: warm-up that is over is no regression. */
  get isLasting(): boolean {
    return this.afterGrace !== null && this.gainSince(this.afterGrace) >= exclusion;
  }

  /** The last looks bear it out by themselves: it is not over. */
  get isPresent(): boolean {
    return this.recent.length > 0 && this.gainSince(this.recent[0]!) >= exclusion;
  }

  private gainSince(sums: number[]): number {
    return Math.max(...this.weighedSince(sums).map(({ logE }) => logE));
  }

  /** The log ratio to expect without a release. */
  get level(): number {
    return this.start;
  }

  get logE(): number {
    return this.hypotheses.logE;
  }

  /** Evidence, at most, of each replay of the past; in order. */
  get replays(): readonly number[] {
    return this.replayed;
  }

  /** The effect (a logarithm) and since when (s since the deploy) it has been there; undefined before the first look that could be compared. */
  get effect(): (Estimate & { since: number }) | undefined {
    if (this.looks === 0) return undefined;
    const gains = [{ at: 0, sums: this.sums.map(() => 0) }, ...this.marks].map(({ at, sums }) => ({ at, weighed: this.weighedSince(sums) }));
    const gain = ({ weighed }: { weighed: Weighed[] }): number => Math.max(...weighed.map(({ logE }) => logE));
    const latest = gains.reduce((best, each) => (gain(each) > gain(best) + (best.at === 0 ? laterBy : 0) ? each : best));
    if (latest.at > 0) return { ...estimate(latest.weighed, this.hypotheses.level.sd), since: latest.at };
    const found = estimate(this.weighed);
    // As likely as not at both ends: nothing is known yet.
    return found.isOpen.low && found.isOpen.high ? undefined : { ...found, since: 0 };
  }

  private weighedSince(sums: number[]): Weighed[] {
    return [{ effect: 0, logE: 0 }, ...this.effects.looked.map((effect, index) => ({ effect, logE: this.sums[index]! - sums[index]! }))];
  }

  /** Evidence for each size of an effect since the deploy. */
  private get weighed(): Weighed[] {
    const measured = this.hypotheses.measuredLogE.map((logE, index) => ({ effect: this.effects.measured[index]!, logE }));
    return [...measured, { effect: 0, logE: 0 }].toSorted((left, right) => left.effect - right.effect);
  }

  /** The smallest effect (a logarithm) that is excluded, with all larger ones. */
  get excluded(): number | undefined {
    return this.looks === 0 ? undefined : excludedFrom(this.weighed);
  }

  /** Evidence for an effect as large as the margin against none, since the deploy. */
  get marginLogE(): number {
    const margin = marginOn(this.grid.step, this.settings.margin);
    // Asked with another margin than it was opened with, the nearest one answers.
    const distance = this.effects.measured.map((effect) => Math.abs(effect - margin));
    const index = distance.indexOf(Math.min(...distance));
    return this.hypotheses.measuredLogE[index]!;
  }

  get isMarginExcluded(): boolean {
    const { excluded } = this;
    return excluded !== undefined && excluded <= Math.log(this.settings.margin) + 1e-9;
  }

  private get onsets(): number {
    return Math.max(1, Math.ceil(this.settings.soakMax / this.settings.times.onsetEvery) - 1);
  }

  private get driftNoise(): DriftNoise {
    return driftOf(this.noise, this.settings.times);
  }

  save(): ComparisonState {
    const { noise, replayed, start, sums, marks, begun, isUnderWay, looks, afterGrace, recent, agreement } = this;
    return { noise, replayed, effects: this.effects, hypotheses: this.hypotheses.save(), start, sums: [...sums], marks: [...marks], begun, isUnderWay, looks, afterGrace, recent, agreement };
  }
}

/** Odds by which one control bears out a regression, and the most that are kept (nats). */
const enoughAgreement = Math.log(5);
const mostAgreement = 10;

/** Moments from which an effect may date, for the words. */
const mostMarks = 24;

/** A soak of the past is pretended for so many looks at most. */
const mostReplayed = 120;

/** The margin as whole points of the grid, towards none: what excludes that excludes the margin. */
const marginOn = (step: number, margin: number): number => Math.max(1, Math.floor(Math.log(margin) / step + 0.05)) * step;

/** All effects on whole points of the grid, the margin among those that are measured. */
function withMargin({ looked, rare, measured }: Effects, margin: number, step: number): Effects {
  const onGrid = (effects: number[]): number[] => [...new Set(effects.map((effect) => Math.round(effect / step)))].filter((points) => points !== 0).map((points) => points * step);
  return { looked: onGrid(looked), rare, measured: onGrid([...measured, marginOn(step, margin)]).toSorted((left, right) => left - right) };
}

/** What is kept need not be exact, only the same before and after it was saved. */
const rounded = (value: number): number => Math.round(value * 1_000) / 1_000;
