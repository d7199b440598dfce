import type { CheckVerdict, SoakVerdict } from '../verdict.js';

/** A verdict as it is printed and kept: every number finite, and `null` for what nobody knows. */
export const verdictLine = (verdict: SoakVerdict): string => JSON.stringify(writtenVerdict(verdict));

/** Exactly the keys of the format, in its order. */
export const writtenVerdict = ({ t, decision, checks, explanation }: SoakVerdict): object => ({ t, decision, checks: checks.map(writtenCheck), explanation });

const writtenCheck = ({ name, logE, effect, interval, excluded, explanation }: CheckVerdict): object => ({
  name,
  logE: finite(logE),
  effect: known(effect),
  interval: interval !== null && interval.every(Number.isFinite) ? interval : null,
  excluded: known(excluded),
  explanation,
});

const known = (value: number | null): number | null => (value !== null && Number.isFinite(value) ? value : null);

/** Evidence beyond all numbers is the largest of them; JSON has no infinity. */
const finite = (logE: number): number => (Number.isNaN(logE) ? 0 : Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, logE)));
