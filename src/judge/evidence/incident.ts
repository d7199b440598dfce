import type { Kind } from '../kinds/kind.js';
import type { CheckLook, Sample } from '../sample.js';
import type { JudgeTimes } from '../times.js';
import { ControlWatch, type ControlState } from './control-watch.js';

export interface IncidentState {
  controls: Record<string, ControlState>;
  region: ControlState | null;
}

/** Watches the controls themselves, each against its own past; those without a past cannot be watched. */
export class Incident {
  private constructor(private readonly controls: Map<string, ControlWatch>, private readonly region: ControlWatch | undefined) {}

  static open(kind: Kind, times: JudgeTimes, history: CheckLook[]): Incident {
    const names = [...new Set(history.flatMap(({ controls }) => Object.keys(controls)))];
    const watch = (samples: Sample[]): ControlWatch | undefined => {
      const past = samples.map((region): CheckLook => ({ region, controls: {} }));
      const noise = kind.learn(past, 'past', times);
      return noise.reference === 'none' ? undefined : new ControlWatch(kind, times, noise).learn(past);
    };
    const controls = names.flatMap((name) => {
      const found = watch(history.flatMap((look) => (Object.hasOwn(look.controls, name) ? [look.controls[name]!] : [])));
      return found === undefined ? [] : [[name, found] as const];
    });
    return new Incident(new Map(controls), controls.length === 0 ? undefined : watch(history.map(({ region }) => region)));
  }

  static restore(kind: Kind, times: JudgeTimes, state: IncidentState): Incident {
    const restored = (kept: ControlState): ControlWatch => new ControlWatch(kind, times, kept.noise, kept);
    const controls = Object.entries(state.controls).map(([name, kept]) => [name, restored(kept)] as const);
    return new Incident(new Map(controls), state.region === null ? undefined : restored(state.region));
  }

  observe(t: number, look: CheckLook): void {
    for (const [name, control] of this.controls) if (Object.hasOwn(look.controls, name)) control.observe(t, look.controls[name]!);
    this.region?.observe(t, look.region);
  }

  /** The region has changed against its own past since then, by as much as a control does that is none any more; unknown is yes. */
  hasRegionChanged(since: number): boolean {
    return this.region === undefined || (this.region.changedAt !== null && this.region.changedAt > since);
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
    return {
      controls: Object.fromEntries([...this.controls].map(([name, control]) => [name, control.save()])),
      region: this.region?.save() ?? null,
    };
  }
}
