import type { CheckEvidence } from './evidence.js';
import { formatCount, formatShares, formatValues } from './numbers.js';

interface RatioFinding {
  bad: number;
  total: number;
  limit: number;
  minSamples: number;
}

/** `3.9 % of 412 requests were bad, limit 1 %`, or how many requests are still to come: `61 of 100 requests seen, 2 bad`. */
export function explainRatio({ bad, total, limit, minSamples }: RatioFinding): string {
  if (total < minSamples) return `${formatCount(Math.floor(total))} of ${formatCount(minSamples)} requests seen, ${formatCount(bad)} bad`;
  const [share, allowed] = formatShares(bad / total, limit);
  return `${share} of ${formatCount(total)} requests were bad, limit ${allowed}`;
}

interface ValueFinding {
  value: number;
  bound: { kind: 'max' | 'min'; limit: number };
  breaches: number;
  samples: number;
  /** How many looks it takes, to fail and to pass. */
  looks: number;
}

/** `0.62, at most 0.9`, and what is still to come: `0.95, at most 0.9: outside in 2 looks in a row, 3 fail`. */
export function explainValue({ value, bound, breaches, samples, looks }: ValueFinding): string {
  const [observed, limit] = formatValues(value, bound.limit);
  const held = `${observed}, ${bound.kind === 'max' ? 'at most' : 'at least'} ${limit}`;
  if (breaches >= looks) return `${held}: outside in ${breaches} looks in a row`;
  if (breaches > 0) return `${held}: outside in ${breaches} ${breaches === 1 ? 'look' : 'looks in a row'}, ${looks} fail`;
  return samples < looks ? `${held}: ${samples} of ${looks} looks seen` : held;
}

interface Silent {
  kind: 'ratio' | 'max' | 'min';
  observed: number | null;
  limit: number;
  evidence: number;
}

/** Why nothing is known now, and what was known before: `no data (…); before that 0.2 % of 412 requests were bad, limit 1 %`. */
export function explainSilence({ kind, reason }: NonNullable<CheckEvidence['silence']>, { kind: held, observed, limit, evidence }: Silent): string {
  const now = `${kind === 'error' ? 'the metrics could not be read' : 'no data'} (${reason})`;
  if (observed === null) return now;
  if (held !== 'ratio') return `${now}; before that ${formatValues(observed, limit).join(held === 'max' ? ', at most ' : ', at least ')}`;
  const [share, allowed] = formatShares(observed, limit);
  return `${now}; before that ${share} of ${formatCount(evidence)} requests were bad, limit ${allowed}`;
}
