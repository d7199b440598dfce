import { failBar } from '../bar.js';
import type { CheckJudge } from '../check-judge.js';
import type { CheckVerdict } from '../verdict.js';
import { limitFor } from '../evidence/limits.js';
import { count, figure, listed, odds, percent, time } from './words.js';

export interface ExplainedCheck {
  t: number;
  check: CheckJudge;
  verdict: CheckVerdict['verdict'];
  logE: number;
}

/**
 * One line for one check: `errors ×2.3 (95 %: 1.7–3.1) against virginia and frankfurt since 2 min after the deploy; within budget (0.4 of it);
 * 0 of 96 replays of the last 24 h looked this bad; evidence 3400 : 1; ×3.1 and more is excluded`.
 */
export function explainCheck({ t, check, verdict, logE }: ExplainedCheck): string {
  const { name } = check.settings.check;
  if (verdict === 'no-data' || verdict === 'error') return `${name}: ${silence(check, verdict)}`;
  const parts = [comparison(check), level(check), replayed(check, logE), evidence(check, logE), excluded(check), sick(check, t), missing(check)];
  return `${name} ${parts.filter((part) => part !== undefined).join('; ')}`;
}

const silence = ({ silence: { reason } }: CheckJudge, verdict: 'no-data' | 'error'): string =>
  `${verdict === 'error' ? 'the metrics cannot be read' : 'no data'}${reason === '' ? '' : ` (${reason})`}`;

function comparison(check: CheckJudge): string | undefined {
  const { effect, reference, isLearned } = check;
  const { controls, looks, past } = check.figures;
  if (looks === 0) return 'has not been seen yet';
  if (reference === 'none') return 'has nothing to be compared with';
  if (effect === undefined) return reference === 'controls' ? 'has no control that reports' : 'cannot be compared yet';
  const since = effect.since === 0 ? 'since the deploy' : `since ${time(effect.since)} after the deploy`;
  const against = reference === 'past' ? 'its own past' : controls.length === 0 ? 'controls that are silent now' : listed(controls);
  const noise = isLearned ? '' : `, with standard noise (${past === 0 ? 'no history' : `${time(past)} of history`})`;
  const { low, high, isOpen } = effect;
  const interval = `${isOpen.low ? 'less than ' : ''}${figure(Math.exp(low))}–${figure(Math.exp(high))}${isOpen.high ? ' or more' : ''}`;
  return `×${figure(Math.exp(effect.effect))} (95 %: ${interval}) against ${against} ${since}${noise}`;
}

function level(check: CheckJudge): string | undefined {
  const { observed, burn, requests, beyond } = check.figures;
  const { kind, ...limits } = check.settings.check;
  if (burn !== null) {
    const seen = `${percent(observed!)} of ${count(requests)} requests`;
    return burn <= 1 ? `${seen}, within budget (${percent(check.budget!)})` : `${seen}, burning ${figure(burn)}× the budget (${percent(check.budget!)})`;
  }
  if (kind === 'ratio' && observed !== null) return `${percent(observed)} of ${count(requests)} requests`;
  if (kind !== 'value' || observed === null) return undefined;
  const limit = limitFor(limits, observed);
  if (limit === null) return `${figure(observed, 3)} now`;
  const held = `${figure(observed, 3)} now, ${limit === limits.min && limit !== limits.max ? 'at least' : 'at most'} ${figure(limit, 3)}`;
  return beyond === 0 ? held : `${held}: beyond it in ${beyond} ${beyond === 1 ? 'look' : 'looks in a row'}`;
}

function replayed(check: CheckJudge, logE: number): string | undefined {
  const { replays, past } = check.figures;
  if (replays.length === 0 || logE <= 0) return undefined;
  const worse = replays.filter((each) => each >= logE).length;
  return `${worse} of ${replays.length} replays of the last ${time(past)} looked this bad`;
}

/** As it was found, and the bar where that is higher than usual. */
function evidence({ handicap }: CheckJudge, logE: number): string {
  return `evidence ${odds(logE)}${handicap > 0 ? `, against a bar of ${odds(failBar + handicap)}` : ''}`;
}

function excluded(check: CheckJudge): string | undefined {
  return check.excluded === undefined ? undefined : `×${figure(Math.exp(check.excluded))} and more is excluded`;
}

function sick(check: CheckJudge, t: number): string | undefined {
  const names = check.sick(t);
  if (names.length > 0) return `${listed(names)} got worse by ${names.length === 1 ? 'itself' : 'themselves'}`;
  return check.reference === 'controls' && check.isLearned ? 'controls unchanged' : undefined;
}

function missing(check: CheckJudge): string | undefined {
  const { minSamples, check: { kind } } = check.settings;
  const { requests } = check.figures;
  return kind === 'value' || requests >= minSamples ? undefined : `${count(requests)} of ${count(minSamples)} requests seen`;
}
