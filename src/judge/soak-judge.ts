import { failBar } from './bar.js';
import { CheckJudge, type CheckState } from './check-judge.js';
import { culpritsAmong, decide, type Decided, type Weighing } from './decide.js';
import { logMean, logSum } from './drift/hypotheses.js';
import { explainCheck } from './explain/check.js';
import { explainSoak } from './explain/soak.js';
import { limitFor } from './evidence/limits.js';
import { isBeyondLimit, isBeyondMargin, isBorneOut, isCatastrophe } from './guilt.js';
import { kindOf } from './kinds/kind-of.js';
import { isProven } from './proof.js';
import type { CheckLook, Look } from './sample.js';
import type { JudgedCheck, JudgedSoak, JudgeOptions } from './soak.js';
import { timesOf, type JudgeTimes } from './times.js';
import type { CheckVerdict, SoakVerdict } from './verdict.js';

/** Everything that a judge keeps between two looks: JSON, some kilobytes for each check. Opaque to everyone else. */
export type JudgeState = Record<string, unknown>;

/** Judges one soak, look after look. Deterministic: the same looks give the same verdicts, whether it was saved in between or not. */
export interface SoakJudge {
  observe(look: Look): SoakVerdict;
  save(): JudgeState;
}

/**
 * A judge that has learned the noise of the checks from `history`, looks before the deploy, oldest first; it may be empty. Throws a
 * `RangeError` for a soak that cannot be judged.
 */
export const openJudge = (soak: JudgedSoak, history: Look[], options: JudgeOptions = {}): SoakJudge => new Judge(withOptions(soak, options), options, { history });

/** The judge that was saved. Options count from here on. Throws a `RangeError` for a state of another version. */
export function restoreJudge(state: JudgeState, options: JudgeOptions = {}): SoakJudge {
  const kept = state as unknown as Kept;
  if (kept.version !== 1) throw new RangeError('the judge was saved by another version');
  return new Judge(withOptions(kept.soak, options), options, { kept });
}

interface Kept {
  version: 1;
  soak: JudgedSoak;
  checks: Record<string, CheckState>;
  credited: number;
  lastAt: number | null;
  weighings: Weighing[];
  wasHeld: boolean;
  failed: Failed | null;
}

/** What a soak failed by. */
interface Failed {
  decided: Decided;
  checks: string[];
}

function withOptions(soak: JudgedSoak, { margin, min }: JudgeOptions): JudgedSoak {
  return {
    ...soak,
    checks: margin === undefined ? soak.checks : soak.checks.map((check) => ({ ...check, margin })),
    soak: min === undefined ? soak.soak : { ...soak.soak, min, max: Math.max(soak.soak.max, min) },
  };
}

const nothing: CheckLook = { region: { kind: 'no-data', reason: 'the look says nothing of this check' }, controls: {} };

class Judge implements SoakJudge {
  private readonly times: JudgeTimes;
  private readonly checks: CheckJudge[];
  private readonly bar: number;
  private credited = 0;
  private lastAt: number | null = null;
  private weighings: Weighing[] = [];
  private wasHeld = false;
  /** A soak that has failed stays so, and by the same checks. */
  private failed: Failed | null = null;

  constructor(private readonly soak: JudgedSoak, { bar }: JudgeOptions, start: { history: Look[] } | { kept: Kept }) {
    assertJudgeable(soak);
    this.times = timesOf(soak.step, soak.soak.min);
    this.bar = bar === undefined ? failBar : Math.log(bar);
    this.checks = soak.checks.map((check) => new CheckJudge(
      {
        check, times: this.times, deployAt: soak.deployAt, soakMax: Math.max(soak.soak.max, soak.soak.min),
        minSamples: soak.soak.minSamples ?? 0, margin: check.margin ?? kindOf(check.kind).margin,
      },
      'kept' in start ? { state: start.kept.checks[check.name]! } : { history: start.history.map((look) => lookOf(look, check)) },
    ));
    if ('kept' in start) {
      const { credited, lastAt, weighings, wasHeld, failed } = start.kept;
      Object.assign(this, { credited, lastAt, weighings, wasHeld, failed });
    }
  }

  observe(look: Look): SoakVerdict {
    const { t } = look;
    for (const judge of this.checks) judge.observe(t, lookOf(look, judge.settings.check));
    this.credit(t);
    const logE = this.checks.length === 0 ? 0 : logMean(this.checks.map((check) => this.carriedLogE(check)));
    const kept = this.weighings.filter((weighing) => weighing.t >= t - this.times.confirmation - 2 * this.times.step);
    this.weighings = [...kept, { t, logE }];
    const culprits = culpritsAmong(this.checks, this.bar);
    const decided = this.failed?.decided ?? decide({
      t, soak: this.soak, times: this.times, checks: this.checks, bar: this.bar, credited: this.credited,
      weighings: this.weighings, wasHeld: this.wasHeld, culprits,
    });
    this.wasHeld = decided.decision === 'hold' && decided.cause === 'evidence';
    if (decided.decision === 'fail') this.failed ??= { decided, checks: failedAmong(this.checks, { decided, culprits, t }) };
    return this.verdict(t, logE, decided);
  }

  private verdict(t: number, logE: number, decided: Decided): SoakVerdict {
    const checks = this.checks.map((check) => this.checkVerdict(t, check));
    return {
      t, ...decided, credited: this.credited, logE, checks,
      explanation: explainSoak({ t, soak: this.soak, decided, checks, credited: this.credited, isExcluded: this.checks.every((check) => check.isExcluded), sick: [...new Set(this.checks.flatMap((check) => check.sick(t)))] }),
    };
  }

  private checkVerdict(t: number, check: CheckJudge): CheckVerdict {
    const { name, kind } = check.settings.check;
    const { observed, requests, looks, attributable, controls } = check.figures;
    const { effect } = check;
    const limit = kind === 'ratio' ? check.budget : limitFor(check.settings.check, observed);
    const verdict = this.failed?.checks.includes(name) ? 'fail' : (check.silence.kind ?? check.silence.now ?? (isProven(check) ? 'pass' : 'inconclusive'));
    const excluded = check.excluded;
    // As it was found; what it is held against is the judge's business.
    const logE = this.carriedLogE(check) + check.handicap;
    return {
      name, kind, verdict, observed, limit, evidence: kind === 'value' ? looks : requests, logE,
      effect: effect === undefined ? null : Math.exp(effect.effect),
      interval: effect === undefined ? null : [Math.exp(effect.low), Math.exp(effect.high)],
      excluded: excluded === undefined ? null : Math.exp(excluded),
      attributable, controls,
      explanation: explainCheck({ t, check, verdict, logE }),
    };
  }

  /** Evidence of the regions before counts for half: ½·M·E + ½·E. */
  private carriedLogE(check: CheckJudge): number {
    const { carried = {} } = this.soak;
    const { name } = check.settings.check;
    return check.logE + (Object.hasOwn(carried, name) ? logSum(carried[name]!, 0) - Math.log(2) : 0);
  }

  /** Time counts while every check is heard. */
  private credit(t: number): void {
    const since = Math.max(this.lastAt ?? this.soak.deployAt, this.soak.deployAt);
    const isHeard = this.checks.every(({ silence }) => silence.kind === undefined);
    if (isHeard) this.credited += Math.max(0, Math.min(t - since, 2 * this.times.step));
    this.lastAt = t;
  }

  save(): JudgeState {
    const { soak, credited, lastAt, weighings, wasHeld, failed } = this;
    const checks = Object.fromEntries(this.checks.map((check) => [check.settings.check.name, check.save()]));
    return { version: 1, soak, checks, credited, lastAt, weighings, wasHeld, failed } satisfies Kept;
  }
}

/** The checks that a soak fails by. */
function failedAmong(checks: CheckJudge[], { decided: { cause }, culprits, t }: { decided: Decided; culprits: CheckJudge[]; t: number }): string[] {
  const guilty = cause === 'limit' ? checks.filter(isBeyondLimit)
    : cause === 'catastrophe' ? checks.filter(isCatastrophe)
      : culprits.filter((check) => isBeyondMargin(check) && (cause !== 'evidence' || isBorneOut(check, t)));
  return guilty.map(({ settings }) => settings.check.name);
}

// Own properties only: `constructor` is a fine name for a check.
const lookOf = ({ checks }: Look, { name }: JudgedCheck): CheckLook => (Object.hasOwn(checks, name) ? checks[name]! : nothing);

function assertJudgeable({ deployAt, step, soak: { min, max } }: JudgedSoak): void {
  const wrong = Object.entries({ deployAt, step, 'soak.min': min, 'soak.max': max }).find(([, seconds]) => !Number.isFinite(seconds));
  if (wrong) throw new RangeError(`${wrong[0]} is ${wrong[1]}: write seconds`);
  if (step <= 0) throw new RangeError(`step is ${step}: the time between two looks is more than nothing`);
}
