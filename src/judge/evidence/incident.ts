import type { Kind } from '../kinds/kind.js';
import type { CheckLook, Sample } from '../sample.js';
import type { JudgeTimes } from '../times.js';
import { ControlWatch, type ControlState } from './control-watch.js';

export type IncidentState = Record<string, ControlState>;

/** Watches the controls themselves, each against its own past; those without a past cannot be watched. */
export class Incident {
  private constructor(private readonly controls: Map<string, ControlWatch>) {}

  static open(kind: Kind, times: JudgeTimes, history: CheckLook[]): Incident {
    const names = [...new Set(history.flatMap(({ controls }) => Object.keys(controls)))];
    return new Incident(new Map(names.flatMap((name) => {
      const past = history.flatMap(({ controls }) => (Object.hasOwn(controls, name) ? [{ region: controls[name]!, controls: {} }] : []));
      const noise = kind.learn(past, 'past', times);
      return noise.reference === 'none' ? [] : [[name, new ControlWatch(kind, times, noise).learn(past)] as const];
    })));
  }

  static restore(kind: Kind, times: JudgeTimes, state: IncidentState): Incident {
    return new Incident(new Map(Object.entries(state).map(([name, kept]) => [name, new ControlWatch(kind, times, kept.noise, kept)])));
  }

  observe(t: number, samples: Record<string, Sample>): void {
    for (const [name, control] of this.controls) if (Object.hasOwn(samples, name)) control.observe(t, samples[name]!);
  }

  /** Controls that have been worse than their own past since `since` (s since the epoch). */
  sick(since: number): string[] {
    return [...this.controls].filter(([, { sickAt }]) => sickAt !== null && sickAt > since).map(([name]) => name);
  }

  /** Controls that have changed since then, for worse or for better. */
  changed(since: number): string[] {
    return [...this.controls].filter(([, { changedAt }]) => changedAt !== null && changedAt > since).map(([name]) => name);
  }

  /** How many controls are watched. */
  get count(): number {
    return this.controls.size;
  }

  save(): IncidentState {
    return Object.fromEntries([...this.controls].map(([name, control]) => [name, control.save()]));
  }
}
