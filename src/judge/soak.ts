/** What the judge is told of a check. */
export interface JudgedCheck {
  name: string;
  kind: 'ratio' | 'value' | 'histogram';
  /** Share that must be good (ratio). */
  objective?: number | undefined;
  /** Hard limits (value). */
  max?: number | undefined;
  min?: number | undefined;
  /** Smallest effect that matters, as a factor above 1; by default 1.5 for a ratio, 1.1 for values and histograms. */
  margin?: number | undefined;
  /** Which way is worse (value): `higher` unless only a `min` is given. */
  worse?: 'higher' | 'lower' | undefined;
}

/** What the judge is told of a soak. All times in seconds. */
export interface JudgedSoak {
  /** Seconds since the epoch. */
  deployAt: number;
  /** Time between two looks. */
  step: number;
  checks: JudgedCheck[];
  soak: {
    /** Time with fresh samples that must be credited before anything passes. */
    min: number;
    /** Time after which a soak that has proven nothing is `inconclusive`. */
    max: number;
    /** Requests (ratio, histogram) that a check needs before it can pass; looks that a value needs are counted by the judge. */
    minSamples?: number | undefined;
    /** Time that a soak is meant to take; `min` when absent. */
    duration?: number | undefined;
    /** Ends from `min` on as soon as it is proven that nothing got worse, before `duration`. */
    earlyFinish?: boolean | undefined;
  };
  /** Evidence of the regions before, as log M by check. */
  carried?: Record<string, number> | undefined;
  /** Bad requests that the release may still cost, over all of its rollout. */
  budgetLeft?: number | undefined;
}

/** The operator's what-if. */
export interface JudgeOptions {
  /** Replaces the margin of every check. */
  margin?: number | undefined;
  /** Replaces the bar of evidence that fails a soak: 200 and what calibration makes of it. */
  bar?: number | undefined;
  /** Replaces `soak.min` (s). */
  min?: number | undefined;
}
