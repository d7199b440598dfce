import type { Check, RatioCheck, ValueCheck } from '../rollout/schema/check.js';
import type { CheckResult, Verdict } from '../rollout/schema/rollout.js';
import type { CheckEvidence, SoakEvidence } from './evidence.js';
import { explainRatio, explainSilence, explainValue } from './explain.js';
import type { Sample } from './sample.js';

export interface JudgeRules {
  /** Requests that a ratio needs before it is judged. */
  minSamples: number;
  intervalMs: number;
}

/** Looks in a row outside its bounds that fail a value, and looks that it needs before it can pass: one spike is no regression. */
const valueLooks = 3;

/** Evidence older than this many intervals says nothing about now. */
const freshIntervals = 3;

/** A reason that a source gives is kept in every heartbeat. */
const reasonLength = 400;

/** Evidence before the first look. */
export const noEvidence = (): SoakEvidence => ({ checks: {} });

/** Evidence after one more look at `now` (ms since the epoch). A look that brought nothing adds nothing and takes nothing away. */
export function observe(evidence: SoakEvidence, checks: Check[], samples: Record<string, Sample>, now: number): SoakEvidence {
  return {
    checks: Object.fromEntries(checks.map((check) => [check.name, observeCheck(evidenceOf(evidence, check), check, sampleOf(samples, check), now)])),
  };
}

/**
 * One result for each check, as of `now` (ms since the epoch).
 *
 * A ratio holds bad/total since the deploy against 1 − objective, from `minSamples` requests on. A value fails after three looks in
 * a row outside its bounds, and passes when it has been looked at three times and stands inside. A check that the last look
 * brought nothing for, or that has had no data for three intervals, is `no-data` or `error`, whatever it showed before.
 */
export const judge = (evidence: SoakEvidence, checks: Check[], rules: JudgeRules, now: number): CheckResult[] =>
  checks.map((check) => judgeCheck(evidenceOf(evidence, check), check, rules, now));

/** `fail` if any fails, else `error`, else `no-data`, else `pass`. No checks at all: `pass`. */
export const overall = (results: CheckResult[]): Verdict =>
  (['fail', 'error', 'no-data'] as const).find((verdict) => results.some((result) => result.verdict === verdict)) ?? 'pass';

function observeCheck(before: CheckEvidence, check: Check, sample: Sample, now: number): CheckEvidence {
  const silence = silenceOf(check, sample);
  if (silence !== undefined) return { ...before, silence };
  const { silence: _ended, ...rest } = before;
  const after: CheckEvidence = { ...rest, samples: before.samples + 1, lastDataAt: now };
  if (sample.kind === 'ratio') return { ...after, bad: before.bad + sample.bad, total: before.total + sample.total };
  if (sample.kind === 'value' && check.kind === 'value') {
    return { ...after, value: sample.value, breaches: isOutside(check, sample.value) ? before.breaches + 1 : 0 };
  }
  return after;
}

/** Why a sample is not evidence; `undefined` when it is. */
function silenceOf(check: Check, sample: Sample): CheckEvidence['silence'] {
  if (sample.kind === 'no-data' || sample.kind === 'error') return { kind: sample.kind, reason: sample.reason.slice(0, reasonLength) };
  if (sample.kind !== check.kind) return { kind: 'error', reason: `a ${check.kind} was asked for and the source answered with a ${sample.kind}` };
  const numbers = sample.kind === 'ratio' ? [sample.bad, sample.total] : [sample.value];
  if (!numbers.every(Number.isFinite)) return { kind: 'no-data', reason: `the source answered ${numbers.join(' of ')}` };
  if (sample.kind === 'ratio' && numbers.some((count) => count < 0)) {
    return { kind: 'error', reason: `the source answered with negative increments (${numbers.join(' of ')})` };
  }
  return undefined;
}

function judgeCheck(evidence: CheckEvidence, check: Check, rules: JudgeRules, now: number): CheckResult {
  const measure = check.kind === 'ratio' ? measureRatio(evidence, check) : measureValue(evidence, check);
  const silence = evidence.silence ?? staleness(evidence, rules, now);
  if (silence !== undefined) {
    return { name: check.name, ...measure, verdict: silence.kind, explanation: `${check.name}: ${explainSilence(silence, measure)}` };
  }
  const finding = check.kind === 'ratio' ? judgeRatio(evidence, check, rules) : judgeValue(evidence, check);
  return { name: check.name, ...measure, verdict: finding.verdict, explanation: `${check.name}: ${finding.explanation}` };
}

interface Finding {
  verdict: Verdict;
  explanation: string;
}

function judgeRatio({ bad, total }: CheckEvidence, check: RatioCheck, { minSamples }: JudgeRules): Finding {
  const limit = ratioLimit(check);
  const verdict = total < minSamples ? 'no-data' : bad / total > limit ? 'fail' : 'pass';
  return { verdict, explanation: explainRatio({ bad, total, limit, minSamples }) };
}

function judgeValue({ value, breaches, samples }: CheckEvidence, check: ValueCheck): Finding {
  const verdict = breaches >= valueLooks ? 'fail' : breaches > 0 || samples < valueLooks ? 'no-data' : 'pass';
  return { verdict, explanation: explainValue({ value: value ?? Number.NaN, bound: valueBound(check, value), breaches, samples, looks: valueLooks }) };
}

type Measure = Pick<CheckResult, 'kind' | 'observed' | 'limit' | 'evidence'>;

const measureRatio = ({ bad, total }: CheckEvidence, check: RatioCheck): Measure =>
  ({ kind: 'ratio', observed: total > 0 ? bad / total : null, limit: ratioLimit(check), evidence: total });

const measureValue = ({ value, samples }: CheckEvidence, check: ValueCheck): Measure =>
  ({ ...valueBound(check, value), observed: value, evidence: samples });

/** 1 − objective, without the dust of binary fractions: 1 − 0.9 must not be less than 10 of 100. */
const ratioLimit = (check: RatioCheck): number => Number((1 - check.objective).toPrecision(12));

/** The bound that a value is held against: the one that it breaks, else the upper one. The schema sees to it that there is one. */
function valueBound({ max, min }: ValueCheck, value: number | null): { kind: 'max' | 'min'; limit: number } {
  if (min !== undefined && (max === undefined || (value !== null && value < min))) return { kind: 'min', limit: min };
  return { kind: 'max', limit: max! };
}

const isOutside = ({ max, min }: ValueCheck, value: number): boolean =>
  (max !== undefined && value > max) || (min !== undefined && value < min);

function staleness({ lastDataAt }: CheckEvidence, { intervalMs }: JudgeRules, now: number): CheckEvidence['silence'] {
  if (lastDataAt === null) return { kind: 'no-data', reason: 'not looked at yet' };
  const ageMs = now - lastDataAt;
  if (ageMs <= freshIntervals * intervalMs) return undefined;
  return { kind: 'no-data', reason: `the last data is ${Math.round(ageMs / 1_000)} s old, which is more than ${freshIntervals} intervals` };
}

const nothingSeen: CheckEvidence = { bad: 0, total: 0, value: null, breaches: 0, samples: 0, lastDataAt: null };

// Own properties only: `constructor` is a fine name for a check.
const evidenceOf = ({ checks }: SoakEvidence, { name }: Check): CheckEvidence =>
  (Object.hasOwn(checks, name) ? checks[name] : undefined) ?? nothingSeen;

const sampleOf = (samples: Record<string, Sample>, { name }: Check): Sample =>
  (Object.hasOwn(samples, name) ? samples[name] : undefined) ?? { kind: 'error', reason: 'the source left this check out of its answer' };
