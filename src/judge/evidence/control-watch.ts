import { Hypotheses, type HypothesesState } from '../drift/hypotheses.js';
import type { Grid } from '../drift/grid.js';
import type { Kind } from '../kinds/kind.js';
import { driftOf, type Noise } from '../noise/noise.js';
import type { CheckLook, Sample } from '../sample.js';
import type { JudgeTimes } from '../times.js';
import { exclusion } from './profile.js';

export interface ControlState {
  noise: Noise;
  hypotheses: HypothesesState;
  looks: number;
  row: number;
  sickAt: number | null;
  changedAt: number | null;
}

/** Its changes are large: a coarse grid shows them, and is half as large to keep. */
const coarse = 2;

/** Where a control stands is known after so many looks. */
const looksBefore = 60;

/** One control against its own past, in both directions. */
export class ControlWatch {
  private readonly grid: Grid;
  private readonly hypotheses: Hypotheses;
  /** Looks since the deploy. */
  private looks = 0;
  /** Looks in a row with evidence that it got worse. */
  private row = 0;
  /** When it had been worse for long enough, the last time (s since the epoch); null if never. */
  sickAt: number | null = null;
  /** When there was evidence that it had changed, for worse or for better, the last time. */
  changedAt: number | null = null;

  constructor(private readonly kind: Kind, private readonly times: JudgeTimes, private readonly noise: Noise, state?: ControlState) {
    const effects = { looked: kind.changes, rare: 0, measured: [] };
    this.grid = kind.grid(noise, { ...effects, measured: kind.changes }, coarse);
    this.hypotheses = new Hypotheses(this.grid, effects, driftOf(noise, times), 1);
    if (state === undefined) return;
    this.hypotheses.restore(state.hypotheses);
    Object.assign(this, { looks: state.looks, row: state.row, sickAt: state.sickAt, changedAt: state.changedAt });
  }

  learn(past: CheckLook[]): this {
    for (const look of past.slice(-looksBefore)) this.weigh(look);
    this.hypotheses.deploy();
    return this;
  }

  /** Every ten minutes it is watched anew: what was long ago is not of now. One that has changed is watched on. */
  observe(t: number, sample: Sample): void {
    const every = Math.round(this.times.incident / this.times.step);
    if (this.looks > 0 && this.looks % every === 0 && !this.hasChanged) this.hypotheses.deploy();
    else if (this.looks % every === Math.round(every / 2)) this.hypotheses.onset();
    this.looks += 1;
    if (!this.weigh({ region: sample, controls: {} })) return;
    this.row = this.hasChanged && this.hypotheses.likeliest > 0 ? this.row + 1 : 0;
    if (this.row * this.times.step > this.times.confirmation) this.sickAt = t;
    if (this.hasChanged) this.changedAt = t;
  }

  private get hasChanged(): boolean {
    return this.hypotheses.logE >= exclusion;
  }

  private weigh(look: CheckLook): boolean {
    const compared = this.kind.compare(look, this.noise, this.grid, []);
    if (compared === undefined) this.hypotheses.wait(1);
    else this.hypotheses.observe(compared.likelihood);
    return compared !== undefined;
  }

  save(): ControlState {
    const { noise, looks, row, sickAt, changedAt } = this;
    return { noise, hypotheses: this.hypotheses.save(), looks, row, sickAt, changedAt };
  }
}
