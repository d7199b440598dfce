import type { Outcome } from './outcome.js';
import { meanOf, quantileOf, shareOf, type Share } from './statistics.js';

/** One judge in one scenario (or over several of them together). Minutes count from when the release gets bad, or from the deploy. */
export interface Summary {
  soaks: number;
  /** Failed: a false rollback where the release is good. */
  failed: Share;
  held: Share;
  /** Neither failed nor passed. */
  open: Share;
  passed: Share;
  medianMinutes: number | null;
  p90Minutes: number | null;
  /** Mean of failed requests in the region until the soak ended. */
  bad: number;
  /** Shown that nothing got worse by ×2. */
  safe: Share;
  safeMedianMinutes: number | null;
  safeP95Minutes: number | null;
  proven: Share;
  provenMedianMinutes: number | null;
}

export function summarise(outcomes: readonly Outcome[]): Summary {
  const share = (is: (outcome: Outcome) => boolean): Share => shareOf(outcomes.filter(is).length, outcomes.length);
  const minutes = outcomes.map(({ failed }) => failed);
  const safe = outcomes.map((outcome) => outcome.safe);
  return {
    soaks: outcomes.length,
    failed: share(({ failed }) => failed !== null),
    held: share(({ held }) => held !== null),
    open: share(({ failed, passed }) => failed === null && passed === null),
    passed: share(({ passed }) => passed !== null),
    medianMinutes: quantileOf(minutes, 0.5),
    p90Minutes: quantileOf(minutes, 0.9),
    bad: meanOf(outcomes.map((outcome) => outcome.bad)),
    safe: share((outcome) => outcome.safe !== null),
    safeMedianMinutes: quantileOf(safe, 0.5),
    safeP95Minutes: quantileOf(safe, 0.95),
    proven: share(({ proven }) => proven !== null),
    provenMedianMinutes: quantileOf(outcomes.map(({ proven }) => proven), 0.5),
  };
}
