import { formatDuration } from '../rollout/duration.js';
import type { CheckResult } from '../rollout/schema/rollout.js';

const threeDigits = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });
const whole = new Intl.NumberFormat('en');

/** A share as people write it: 0.004 is `0.4 %`. */
export const share = (value: number): string => `${threeDigits.format(value * 100)} %`;

/** A number of whatever unit: `0.71`, `1,200`, `58.6M`. */
const amount = (value: number): string => (Math.abs(value) >= 100_000 ? compact : threeDigits).format(value);

/** A duration as a person counts it: nothing shorter than a second, unless `scaleMs` itself is shorter. */
export const seconds = (ms: number, scaleMs = ms): string => formatDuration(scaleMs >= 1_000 && ms < 1_000 ? 0 : ms);

/** `0.4 % ≤ 1 %`: what a check observed against its limit. Without data only the limit: `– ≤ 1 %`. */
export function againstLimit({ kind, observed, limit }: CheckResult): string {
  const format = kind === 'ratio' ? share : amount;
  return `${observed === null ? '–' : format(observed)} ${comparison(kind, observed, limit)} ${format(limit)}`;
}

function comparison(kind: CheckResult['kind'], observed: number | null, limit: number): string {
  if (kind === 'min') return observed === null || observed >= limit ? '≥' : '<';
  return observed === null || observed <= limit ? '≤' : '>';
}

/** What the verdict rests on: `412 requests`, `3 samples`. */
export function evidenceOf({ kind, evidence }: CheckResult): string {
  const noun = kind === 'ratio' ? 'request' : 'sample';
  return `${whole.format(evidence)} ${noun}${evidence === 1 ? '' : 's'}`;
}
