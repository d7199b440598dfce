import { Hypotheses, type HypothesesState } from '../drift/hypotheses.js';
import type { Grid } from '../drift/grid.js';
import type { Kind } from '../kinds/kind.js';
import type { Noise } from '../noise/noise.js';
import type { CheckLook, Sample } from '../sample.js';
import type { JudgeTimes } from '../times.js';
import { exclusion } from './profile.js';

interface ControlState {
  noise: Noise;
  hypotheses: HypothesesState;
  /** Looks since the watch of this control began anew. */
  looks: number;
  /** Looks in a row with evidence that it got worse. */
  worse: number;
  /** When that had been so for long enough, the last time (s since the epoch); null if never. */
  sickAt: number | null;
}

export type IncidentState = Record<string, ControlState>;

/** Where a control stands is known after so many looks. */
const looksBefore = 60;

/** One control against its own past. */
class Control {
  private readonly grid: Grid;
  private readonly hypotheses: Hypotheses;
  private looks = 0;
  private worse = 0;
  sickAt: number | null = null;

  constructor(private readonly kind: Kind, private readonly times: JudgeTimes, private readonly noise: Noise, state?: ControlState) {
    const effects = { looked: kind.incidents, measured: [] };
    this.grid = kind.grid(noise, { looked: kind.incidents, measured: kind.incidents });
    const share = Math.min(1, times.step / times.relaxation);
    this.hypotheses = new Hypotheses(this.grid, effects, { ...noise, share }, 1);
    if (state === undefined) return;
    this.hypotheses.restore(state.hypotheses);
    Object.assign(this, { looks: state.looks, worse: state.worse, sickAt: state.sickAt });
  }

  learn(past: CheckLook[]): this {
    for (const look of past.slice(-looksBefore)) this.weigh(look);
    this.hypotheses.deploy();
    return this;
  }

  /** Every ten minutes it is watched anew: what was long ago is no incident of now. A control that is sick is watched on. */
  observe(t: number, sample: Sample): void {
    const every = Math.round(this.times.incident / this.times.step);
    if (this.looks > 0 && this.looks % every === 0 && this.worse === 0) this.hypotheses.deploy();
    else if (this.looks % every === Math.round(every / 2)) this.hypotheses.onset();
    this.looks += 1;
    if (!this.weigh({ region: sample, controls: {} })) return;
    this.worse = this.hypotheses.logE >= exclusion ? this.worse + 1 : 0;
    if (this.worse * this.times.step > this.times.confirmation) this.sickAt = t;
  }

  private weigh(look: CheckLook): boolean {
    const compared = this.kind.compare(look, this.noise, this.grid, []);
    if (compared === undefined) this.hypotheses.wait(1);
    else this.hypotheses.observe(compared.likelihood);
    return compared !== undefined;
  }

  save(): ControlState {
    return { noise: this.noise, hypotheses: this.hypotheses.save(), looks: this.looks, worse: this.worse, sickAt: this.sickAt };
  }
}

/** Watches the controls themselves, each against its own past; those without a past cannot be watched. */
export class Incident {
  private constructor(private readonly controls: Map<string, Control>) {}

  static open(kind: Kind, times: JudgeTimes, history: CheckLook[]): Incident {
    const names = [...new Set(history.flatMap(({ controls }) => Object.keys(controls)))];
    return new Incident(new Map(names.flatMap((name) => {
      const past = history.flatMap(({ controls }) => (Object.hasOwn(controls, name) ? [{ region: controls[name]!, controls: {} }] : []));
      const noise = kind.learn(past, 'past', times);
      return noise.reference === 'none' ? [] : [[name, new Control(kind, times, noise).learn(past)] as const];
    })));
  }

  static restore(kind: Kind, times: JudgeTimes, state: IncidentState): Incident {
    return new Incident(new Map(Object.entries(state).map(([name, kept]) => [name, new Control(kind, times, kept.noise, kept)])));
  }

  observe(t: number, samples: Record<string, Sample>): void {
    for (const [name, control] of this.controls) if (Object.hasOwn(samples, name)) control.observe(t, samples[name]!);
  }

  /** Controls that have been worse than their own past since `since` (s since the epoch). */
  sick(since: number): string[] {
    return [...this.controls].filter(([, { sickAt }]) => sickAt !== null && sickAt > since).map(([name]) => name);
  }

  /** How many controls are watched. */
  get count(): number {
    return this.controls.size;
  }

  save(): IncidentState {
    return Object.fromEntries([...this.controls].map(([name, control]) => [name, control.save()]));
  }
}
