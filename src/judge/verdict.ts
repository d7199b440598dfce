export const soakDecisions = ['continue', 'hold', 'fail', 'pass', 'extend', 'inconclusive', 'no-data'] as const;
export type SoakDecision = (typeof soakDecisions)[number];

/** Why a soak fails or holds; absent for the other decisions. */
export type SoakCause =
  | 'evidence' // enough to hold or to fail
  | 'catastrophe' // so bad that the warm-up does not count (fail)
  | 'limit' // a value beyond its hard limit (fail)
  | 'global-incident' // the controls have got worse too (hold)
  | 'no-reference' // as bad as that, but only by the region's own past, and within its objective (hold)
  | 'budget' // the release has cost the rollout more bad requests than it may (hold)
  | 'error'; // the source fails (no-data)

/** One check after one look. */
export interface CheckVerdict {
  name: string;
  kind: 'ratio' | 'value' | 'histogram';
  /** `inconclusive`: nothing is proven yet, neither way. */
  verdict: 'pass' | 'fail' | 'no-data' | 'error' | 'inconclusive';
  /** Share of bad since the deploy (ratio), last value (value), median (histogram); null without data. */
  observed: number | null;
  /** 1 − objective (ratio), the hard limit (value); null where the check has none. */
  limit: number | null;
  /** Requests (ratio, histogram) or looks (value) since the deploy. */
  evidence: number;
  /** Natural logarithm of the evidence that the release made it worse, carried evidence included; its bar may be higher than that of others. */
  logE: number;
  /** How many times worse than without the release, against the controls; null while nobody can say. */
  effect: number | null;
  /** 95 % interval of `effect`. */
  interval: [number, number] | null;
  /** Smallest effect that is excluded so far, as a factor above 1; null while none is. */
  excluded: number | null;
  /** Bad requests since the deploy beyond what the reference would have had; 0 for values. */
  attributable: number;
  /** Controls that it was compared with at this look. */
  controls: string[];
  explanation: string;
}

/** What the judge says after one look. */
export interface SoakVerdict {
  /** Seconds since the epoch. */
  t: number;
  decision: SoakDecision;
  cause?: SoakCause;
  /** Seconds with fresh samples since the deploy. */
  credited: number;
  /** Estimated time until something is proven (s), for `extend`. */
  needs?: number;
  /** Natural logarithm of the evidence of all checks together. */
  logE: number;
  checks: CheckVerdict[];
  /** One line. */
  explanation: string;
}
