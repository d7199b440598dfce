import type { CheckJudge } from './check-judge.js';
import { limitLooks } from './evidence/limits.js';
import { exclusion } from './evidence/profile.js';

/** The effect is worth stopping for. */
export function isBeyondMargin(check: CheckJudge): boolean {
  const { margin } = check.settings;
  if ((check.effect?.effect ?? 0) >= Math.log(margin)) return true;
  return !check.isLearned && check.mayBeWorse && (check.objective?.burn ?? 0) >= margin;
}

/** Beyond a hard limit for long enough, the controls within it. */
export const isBeyondLimit = ({ figures: { beyond, controlsBeyond } }: CheckJudge): boolean => beyond >= limitLooks && !controlsBeyond;

/** So bad that nobody waits. */
export function isCatastrophe(check: CheckJudge): boolean {
  if (!(check.objective?.isCatastrophe ?? false)) return false;
  return (!check.isLearned && check.mayBeWorse) || check.comparedLogE >= exclusion || (check.reference !== 'none' && !check.isCompared);
}

/** At least half of the controls have got worse by themselves. */
export const isIncident = (check: CheckJudge, t: number): boolean => check.incident.count > 0 && check.sick(t).length * 2 >= check.incident.count;

/** Evidence from after the grace, against most controls by themselves: neither warm-up nor a control that has changed alone. */
export function isBorneOut(check: CheckJudge, t: number): boolean {
  if (check.reference === 'none' || !check.isLearned) return true;
  return check.comparison!.isLasting && check.comparison!.isAgreed && !isControlsDoing(check, t);
}

/** Controls have changed by themselves, and the region has not. */
function isControlsDoing({ incident, settings: { times } }: CheckJudge, t: number): boolean {
  const since = t - times.incident;
  return incident.changed(since).length > 0 && !incident.hasRegionChanged(since);
}

/** The last looks show it by themselves. */
export const isPresent = ({ isLearned, comparison }: CheckJudge): boolean => isLearned && comparison!.isPresent;

/** The effect may be as large as the margin, and most controls bear it out: worth waiting for more evidence. */
export function isSuspicious(check: CheckJudge): boolean {
  if (check.reference === 'none' || !check.isLearned) return true;
  return (check.effect?.high ?? 0) >= Math.log(check.settings.margin) && check.comparison!.isAgreed;
}

/** Compared with its own past only, it is not sure that the release did it: unless the objective, or a limit, is broken too. */
export function needsPerson({ reference, objective, figures: { beyond } }: CheckJudge): boolean {
  if (reference !== 'past') return false;
  return !(objective !== null && objective.logE >= exclusion) && beyond === 0;
}
