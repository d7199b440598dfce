import type { Kind } from '../kinds/kind.js';
import type { Noise } from '../noise/noise.js';
import type { Sample } from '../sample.js';
import { exclusion } from './profile.js';

interface ControlState {
  /** Evidence that the control got worse by itself, never below zero. */
  score: number;
  /** When that was enough last (s since the epoch); null if never. */
  sickAt: number | null;
}

export type IncidentState = Record<string, ControlState>;

/** One look says at most this much (nats): a short burst is no incident. */
const mostOfOneLook = 1;

/** Watches the controls themselves, each against its own past (E. S. Page's cumulative sum, 1954). */
export class Incident {
  private readonly controls: Map<string, ControlState>;

  constructor(private readonly kind: Kind, private readonly noise: Noise, state: IncidentState = {}) {
    this.controls = new Map(Object.entries(state));
  }

  observe(t: number, samples: Record<string, Sample>): void {
    for (const [name, sample] of Object.entries(samples)) {
      const usual = Object.hasOwn(this.noise.levels, name) ? this.noise.levels[name] : undefined;
      const found = usual && this.kind.controlScore(sample, usual);
      const before = this.controls.get(name) ?? { score: 0, sickAt: null };
      const score = Math.max(0, Math.min(2 * exclusion, before.score + Math.min(mostOfOneLook, found ?? 0)));
      this.controls.set(name, { score, sickAt: score >= exclusion ? t : before.sickAt });
    }
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
    return Object.fromEntries(this.controls);
  }
}

