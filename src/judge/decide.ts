import { failBar } from './bar.js';
import type { CheckJudge } from './check-judge.js';
import { exclusion } from './evidence/profile.js';
import { isBeyondLimit, isBeyondMargin, isBorneOut, isCatastrophe, isIncident, isPresent, isSuspicious, needsPerson } from './guilt.js';
import { isProven, needsOf } from './proof.js';
import type { JudgedSoak } from './soak.js';
import type { JudgeTimes } from './times.js';
import type { SoakCause, SoakDecision } from './verdict.js';

/** Evidence of all checks together after one look. */
export interface Weighing {
  t: number;
  logE: number;
}

export interface Deciding {
  t: number;
  soak: JudgedSoak;
  times: JudgeTimes;
  checks: CheckJudge[];
  /** Evidence that fails a soak, as a logarithm. */
  bar: number;
  /** Seconds with fresh samples. */
  credited: number;
  /** The last looks, this one included; oldest first. */
  weighings: Weighing[];
  /** The decision before was to hold by evidence. */
  wasHeld: boolean;
  culprits: CheckJudge[];
}

export interface Decided {
  decision: SoakDecision;
  cause?: SoakCause;
  needs?: number;
}

/** Evidence below which a hold is over. */
const released = Math.log(10);

/** What one look decides: what is certain first, then what is missing, then what is proven. */
export function decide(deciding: Deciding): Decided {
  return stopped(deciding) ?? held(deciding) ?? withinBudget(deciding, ended(deciding));
}

function stopped(deciding: Deciding): Decided | undefined {
  const { checks, soak, times, t, culprits } = deciding;
  const speaking = checks.filter(({ silence }) => silence.isHeard);
  if (speaking.some(isBeyondLimit)) return { decision: 'fail', cause: 'limit' };
  // What the controls show too is no matter of the release; another check may be, all the same.
  if (speaking.some((check) => isCatastrophe(check) && !isIncident(check, t))) return { decision: 'fail', cause: 'catastrophe' };
  const guilty = t - soak.deployAt < times.grace || !isConfirmed(deciding) ? []
    : culprits.filter((check) => isBeyondMargin(check) && isBorneOut(check, t) && check.silence.isHeard && !isIncident(check, t));
  if (guilty.length === 0) return checks.some((check) => isIncident(check, t)) ? { decision: 'hold', cause: 'global-incident' } : undefined;
  return guilty.every(needsPerson) ? { decision: 'hold', cause: 'no-reference' } : { decision: 'fail', cause: 'evidence' };
}

/** Enough now, enough two minutes ago, and still there: not less than then, or shown by the looks since then alone. */
function isConfirmed({ weighings, times, t, bar, culprits }: Deciding): boolean {
  const now = weighings.at(-1)!;
  const then = weighings.findLast((weighing) => weighing.t <= t - times.confirmation + times.step / 4);
  return then !== undefined && now.logE >= bar && then.logE >= bar && (now.logE >= then.logE || culprits.some(isPresent));
}

function held({ checks, weighings, wasHeld, culprits }: Deciding): Decided | undefined {
  const silent = checks.find(({ silence }) => silence.kind !== undefined);
  if (silent !== undefined) return { decision: 'no-data', ...(silent.silence.kind === 'error' && { cause: 'error' as const }) };
  const { logE } = weighings.at(-1)!;
  const isEnough = logE >= exclusion || (wasHeld && logE >= released);
  if (isEnough && culprits.some(isSuspicious)) return { decision: 'hold', cause: 'evidence' };
  return undefined;
}

/** What is spent is never unspent: it holds a soak that goes on, and keeps none from its end. Whether others begin is the rollout's to say. */
function withinBudget({ checks, soak: { budgetLeft } }: Deciding, decided: Decided): Decided {
  const spent = Math.max(0, ...checks.map((check) => check.figures.attributable));
  const goesOn = decided.decision === 'continue' || decided.decision === 'extend';
  return goesOn && budgetLeft !== undefined && spent > budgetLeft ? { decision: 'hold', cause: 'budget' } : decided;
}

function ended({ checks, credited, soak: { deployAt, soak }, t, times }: Deciding): Decided {
  const slack = times.step / 4;
  if (credited < soak.min - slack) return { decision: 'continue' };
  const duration = Math.max(soak.min, soak.duration ?? soak.min);
  const areProven = checks.every(isProven);
  const isHeard = checks.every(({ silence }) => silence.isHeard);
  if (areProven && (soak.earlyFinish === true || credited >= duration - slack)) return { decision: isHeard ? 'pass' : 'continue' };
  if (credited < duration - slack) return { decision: 'continue' };
  if (t - deployAt >= Math.max(soak.max, duration) - slack) return { decision: 'inconclusive' };
  const needs = checks.filter((check) => !isProven(check)).map((check) => needsOf(check, t));
  const longest = needs.every((each) => each !== undefined) ? Math.max(...needs) : undefined;
  return { decision: 'extend', ...(longest !== undefined && { needs: Math.round(longest) }) };
}

/** Which checks the evidence is about: e-BH (R. Wang, A. Ramdas, 2022) at the rate of the bar; at least the one with the most. */
export function culpritsAmong(checks: CheckJudge[], bar = failBar): CheckJudge[] {
  const ranked = checks.toSorted((left, right) => right.logE - left.logE);
  const rejected = ranked.findLastIndex((check, index) => check.logE >= bar + Math.log(checks.length / (index + 1)));
  return ranked.slice(0, Math.max(1, rejected + 1));
}
