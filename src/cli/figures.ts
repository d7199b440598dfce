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

/** `0.4 % ≤ 1 %`: what a check observed against its limit. Without data `– ≤ 1 %`, without a limit `0.71`. */
export function againstLimit({ kind, observed, limit }: CheckResult): string {
  const format = kind === 'ratio' ? share : amount;
  const seen = observed === null ? '–' : format(observed);
  if (limit === null) return seen;
  return `${seen} ${observed === null || observed <= limit ? '≤' : '>'} ${format(limit)}`;
}

/** What the verdict rests on: `412 requests`, `3 samples`. */
export function evidenceOf({ kind, evidence }: CheckResult): string {
  const noun = kind === 'value' ? 'sample' : 'request';
  return `${whole.format(evidence)} ${noun}${evidence === 1 ? '' : 's'}`;
}

/** Odds below this are what chance brings every day. */
const worthTelling = Math.log(3);

/**
 * What is known of the effect: `×2.3 (1.7–3.1), 3,400 : 1` where something speaks against the release, else `below ×1.5` for what is
 * excluded, else the effect as far as it can be told. Empty while nobody can say.
 */
export function findingOf({ logE, effect, interval, excluded }: CheckResult): string {
  const size = effect === null ? [] : [`${times(effect)}${interval === null ? '' : ` (${interval.map(factor).join('–')})`}`];
  if (logE >= worthTelling) return [...size, odds(logE)].join(', ');
  return excluded === null ? size.join('') : `below ${times(excluded)}`;
}

const twoDigits = new Intl.NumberFormat('en', { maximumSignificantDigits: 2 });
const factor = (value: number): string => (value >= 100 ? whole : twoDigits).format(value);
const times = (value: number): string => `×${factor(value)}`;

/** `3,400 : 1`, and `10^12 : 1` beyond what anybody reads. */
export function odds(logE: number): string {
  const power = logE / Math.LN10;
  return `${power < 5 ? whole.format(Number((10 ** power).toPrecision(2))) : `10^${Math.floor(power)}`} : 1`;
}
