import type { CheckJudge } from './check-judge.js';
import { limitFor, limitLooks } from './evidence/limits.js';
import { exclusion } from './evidence/profile.js';
import { isBeyondMargin } from './guilt.js';

/** Fewer bad requests than this cannot be compared. */
const fewestBad = 5;

/** No regression as large as the margin: shown, not assumed. */
export function isProven(check: CheckJudge): boolean {
  if (check.logE >= exclusion || check.figures.beyond > 0 || !check.isCompared || !hasEnough(check)) return false;
  if (check.isExcluded || isSpotless(check)) return true;
  // A short past says where the region stood, and not yet how far it drifts.
  const isKnown = check.isLearned || (check.figures.past > 0 && isBeyondMargin(check));
  return !isKnown && isWithinLimits(check);
}

function hasEnough({ settings: { check, minSamples }, figures: { looks, requests } }: CheckJudge): boolean {
  return check.kind === 'value' ? looks >= limitLooks : requests >= minSamples;
}

/** So few bad requests that there is nothing to compare, and the objective is kept: shown. */
const isSpotless = (check: CheckJudge): boolean => check.objective !== null && check.figures.bad < fewestBad && check.objective.isKept(1);

/** Where too little was learned: within the objective, shown; or within the limit. With nothing at all to hold it against there is nothing to show. */
function isWithinLimits({ objective, settings: { check, margin }, figures: { looks }, reference }: CheckJudge): boolean {
  if (objective !== null) return objective.isKept(margin);
  return looks >= limitLooks && (reference === 'none' || limitFor(check, null) !== null);
}

/** About how much longer it takes until something is shown (s), `t` in seconds since the epoch; undefined where nobody can say. */
export function needsOf({ settings: { deployAt, minSamples, times, check }, figures: { requests }, reference, marginLogE }: CheckJudge, t: number): number | undefined {
  const elapsed = t - deployAt;
  if (check.kind !== 'value' && requests < minSamples) return requests > 0 ? (elapsed * (minSamples - requests)) / requests : undefined;
  if (reference === 'none') return undefined;
  const against = -marginLogE;
  return against > 0.1 ? Math.max(times.step, (elapsed * (exclusion - against)) / against) : undefined;
}
