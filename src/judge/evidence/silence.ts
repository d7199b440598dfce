import type { Sample } from '../sample.js';
import type { JudgeTimes } from '../times.js';

/** What one look brought of the region. */
interface Heard {
  t: number;
  kind: 'data' | 'no-data' | 'error';
}

export interface SilenceState {
  heard: Heard[];
  reason: string;
}

/** A reason is kept in every heartbeat of the watch, and is part of one line. */
const longestReason = 400;

/** Has the region been heard often enough of late? */
export class Silence {
  private heard: Heard[];
  /** Why a look brought nothing, the last time. */
  reason: string;

  constructor(private readonly times: JudgeTimes, private readonly deployAt: number, state: SilenceState = { heard: [], reason: '' }) {
    this.heard = [...state.heard];
    this.reason = state.reason;
  }

  observe(t: number, sample: Sample): void {
    const isSilent = sample.kind === 'no-data' || sample.kind === 'error';
    if (isSilent) this.reason = sample.reason.slice(0, longestReason).replaceAll(/\s+/g, ' ');
    this.heard = [...this.heard.filter((each) => each.t > t - this.times.silence + this.times.step / 4), { t, kind: isSilent ? sample.kind : 'data' }];
  }

  /** Fewer than half of the looks of the last minutes brought data: `error` where most of the others failed. */
  get kind(): 'error' | 'no-data' | undefined {
    const now = this.heard.at(-1)?.t ?? this.deployAt;
    const expected = Math.round(Math.min(this.times.silence, now - this.deployAt) / this.times.step);
    const brought = this.heard.filter(({ kind }) => kind === 'data').length;
    if (expected < 2 || brought >= expected / 2) return undefined;
    const failed = this.heard.filter(({ kind }) => kind === 'error').length;
    return failed > (this.heard.length - brought) / 2 ? 'error' : 'no-data';
  }

  /** What the last look brought instead of data. */
  get now(): 'error' | 'no-data' | undefined {
    const last = this.heard.at(-1)?.kind;
    return last === 'data' ? undefined : last;
  }

  /** The last look brought data. */
  get isHeard(): boolean {
    return this.heard.at(-1)?.kind === 'data';
  }

  save(): SilenceState {
    return { heard: this.heard, reason: this.reason };
  }
}
