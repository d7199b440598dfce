import type { Look } from '../../src/judge/sample.js';
import type { JudgedSoak } from '../../src/judge/soak.js';

/**
 * What a peer says after one look. `fail` and `pass` end the soak. `continue` is everything else: also to wait for data, also to ask for more
 * time. A method that has no `hold` or no `pass` never says it.
 */
export type PeerDecision = 'continue' | 'hold' | 'fail' | 'pass';

/** One soak under way. */
export interface PeerJudge {
  observe(look: Look): PeerOpinion;
}

export interface PeerOpinion {
  decision: PeerDecision;
  /** Smallest factor above 1 by which no check has got worse, as far as is shown by now; absent or null while (or because) it shows none. */
  excluded?: number | null;
  /** Every check is shown to have stayed within its margin. */
  proven?: boolean;
  /** In a line, for whoever looks into one soak. */
  why?: string;
}

/** A way to judge soaks, as others do it. It sees what Meridian's judge sees: the soak, the looks before the deploy, then look after look. */
export interface Peer {
  /** A few words, unique: "Kayenta once". */
  name: string;
  /** One line for the report: the method, its settings and where they come from. */
  about: string;
  /**
   * The one knob that makes it ring less often. `standard` is its default; the benchmark looks between `from` and `to` (by bisection, on the
   * logarithm, soak by soak) for the setting with Meridian's rate of false alarms on the training half. A soak that fails at some strictness
   * must (in all but rare cases) fail at every smaller one.
   */
  strictness: { what: string; standard: number; from: number; to: number };
  /** Deterministic, no clock, no randomness. Called many times for one soak: what is learned from the history should be cheap. */
  open(soak: JudgedSoak, history: readonly Look[], strictness: number): PeerJudge;
}
