import type { CheckLook, Look, Sample } from '../../src/judge/sample.js';

/** Seconds since the epoch; every scripted soak begins here. */
export const deployAt = 1_000_000;

export const ratio = (bad: number, total: number): Sample => ({ kind: 'ratio', bad, total });
export const value = (number: number): Sample => ({ kind: 'value', value: number });
export const histogram = (buckets: Record<string, number>): Sample => ({ kind: 'histogram', buckets });
export const empty: Sample = { kind: 'no-data', reason: 'errors is empty' };
export const refused: Sample = { kind: 'error', reason: 'connection refused' };

/** Bad requests of 6,000, in the region and in three controls alike. */
export const errors = (bad: number, ...controls: number[]): CheckLook => {
  const [rome = 6, oslo = 6, lima = 6] = controls;
  return { region: ratio(bad, 6_000), controls: { rome: ratio(rome, 6_000), oslo: ratio(oslo, 6_000), lima: ratio(lima, 6_000) } };
};

/** The same, and no controls. */
export const alone = (bad: number): CheckLook => ({ region: ratio(bad, 6_000), controls: {} });

/** So many looks at one check after the deploy, one each `step` seconds, beginning with the look `first`. */
export const looksOf = (count: number, of: (index: number) => CheckLook | Record<string, CheckLook>, { step = 30, first = 1, check = 'errors' } = {}): Look[] =>
  Array.from({ length: count }, (_, index) => lookAt(deployAt + (first + index) * step, of(first + index), check));

/** So many looks before the deploy. The figures go up and down a little, and always in the same way. */
export const pastOf = (count: number, of: (index: number) => CheckLook | Record<string, CheckLook>, { step = 30, check = 'errors' } = {}): Look[] =>
  Array.from({ length: count }, (_, index) => lookAt(deployAt - (count - 1 - index) * step, of(index), check));

const lookAt = (t: number, looked: CheckLook | Record<string, CheckLook>, check: string): Look =>
  ({ t, checks: isCheckLook(looked) ? { [check]: looked } : looked });

const isCheckLook = (looked: CheckLook | Record<string, CheckLook>): looked is CheckLook => 'region' in looked && 'kind' in looked.region;

/** 4 to 8 of 6,000, in an order that no control shares with another. */
export const usual = (index: number): CheckLook => errors(4 + ((index * 7) % 5), 4 + ((index * 3) % 5), 4 + ((index * 11) % 5), 4 + ((index * 13 + 2) % 5));
