import { logBinomialEvidence } from '../numerics/binomial-evidence.js';
import type { RatioSample } from '../sample.js';
import { exclusion } from './profile.js';

/** What the region and its controls have shown of an objective since the deploy. JSON. */
export interface ObjectiveState {
  bad: number;
  total: number;
  /** The same, thinned by over-dispersion: as many independent requests. */
  thinBad: number;
  thinTotal: number;
  /** Evidence that the share is eight times the budget against four times, never below zero. */
  catastrophe: number;
  /** How many looks there were, and what the region and its controls have shown, since that evidence began to rise. */
  since: { looks: number; bad: number; total: number; controlBad: number; controlTotal: number };
  controlBad: number;
  controlTotal: number;
}

const nothingSeen: ObjectiveState = {
  bad: 0, total: 0, thinBad: 0, thinTotal: 0, catastrophe: 0, since: { looks: 0, bad: 0, total: 0, controlBad: 0, controlTotal: 0 }, controlBad: 0, controlTotal: 0,
};

const [catastrophic, tolerable] = [8, 4];

/** Odds of a catastrophe that nobody waits for. */
const catastropheBar = Math.log(200);

/** One look is not enough, however bad. */
const catastropheLooks = 2;

/** Shares of the budget that a good release may use. */
const goodShares = [0, 0.1, 0.25, 0.5, 0.75, 1];

/** The objective of a ratio: what share may be bad. Held against counts alone, without any reference. */
export class Objective {
  /** `budget` is 1 − objective; `spread` over-dispersion on the logit scale. */
  constructor(readonly budget: number, private readonly spread: number, private state: ObjectiveState = nothingSeen) {}

  observe(region: RatioSample, controls: RatioSample[]): void {
    const { state, budget, spread } = this;
    const bad = Math.min(region.bad, region.total);
    const thin = 1 / (1 + region.total * budget * spread);
    const controlBad = controls.reduce((sum, control) => sum + control.bad, 0);
    const controlTotal = controls.reduce((sum, control) => sum + control.total, 0);
    const score = logLikelihoodRatio(bad, region.total, catastrophic * budget, tolerable * budget) / (1 + region.total * catastrophic * budget * spread);
    this.state = {
      bad: state.bad + bad,
      total: state.total + region.total,
      thinBad: state.thinBad + bad * thin,
      thinTotal: state.thinTotal + region.total * thin,
      catastrophe: Math.max(0, state.catastrophe + score),
      since: state.catastrophe + score <= 0 ? nothingSeen.since : {
        looks: state.since.looks + 1, bad: state.since.bad + bad, total: state.since.total + region.total,
        controlBad: state.since.controlBad + controlBad, controlTotal: state.since.controlTotal + controlTotal,
      },
      controlBad: state.controlBad + controlBad,
      controlTotal: state.controlTotal + controlTotal,
    };
  }

  get observed(): number | null {
    return this.state.total > 0 ? this.state.bad / this.state.total : null;
  }

  get requests(): number {
    return this.state.total;
  }

  /** How many times the budget is used. */
  get burn(): number {
    return (this.observed ?? 0) / this.budget;
  }

  /** The controls' burn over the same time; zero without any. */
  get controlBurn(): number {
    return this.state.controlTotal > 0 ? this.state.controlBad / this.state.controlTotal / this.budget : 0;
  }

  /** Logarithm of the evidence that more than the budget is used. The prior beyond it has its mean at four times the budget. */
  get logE(): number {
    const { thinBad, thinTotal } = this.state;
    if (thinTotal === 0) return 0;
    return logBinomialEvidence({ bad: thinBad, total: thinTotal, p0: this.budget, a: 1, b: Math.max(1, 1 / (4 * this.budget)) });
  }

  /** It is shown that less than `margin` times the budget is used. */
  isKept(margin: number): boolean {
    const { thinBad, thinTotal } = this.state;
    const limit = Math.min(0.999, margin * this.budget);
    const against = goodShares.map((share) => logLikelihoodRatio(thinBad, thinTotal, Math.max(share * this.budget, 1e-9), limit));
    const top = Math.max(...against);
    return top + Math.log(against.reduce((sum, each) => sum + Math.exp(each - top), 0) / against.length) >= exclusion;
  }

  /** So bad that nobody waits, while the controls are not. */
  get isCatastrophe(): boolean {
    const { catastrophe, since } = this.state;
    const controlBurn = since.controlTotal > 0 ? since.controlBad / since.controlTotal / this.budget : 0;
    return catastrophe >= catastropheBar && since.looks >= catastropheLooks && isNearer(since, this.budget) && controlBurn < tolerable;
  }

  save(): ObjectiveState {
    return this.state;
  }
}

/** Nearer to eight times the budget than to four. */
const isNearer = ({ bad, total }: { bad: number; total: number }, budget: number): boolean => bad * 2 >= (catastrophic + tolerable) * budget * total;

/** Binomial, p against q. */
function logLikelihoodRatio(bad: number, total: number, p: number, q: number): number {
  const [top, bottom] = [Math.min(p, 0.999), Math.min(q, 0.998)];
  return bad * Math.log(top / bottom) + (total - bad) * (Math.log1p(-top) - Math.log1p(-bottom));
}
