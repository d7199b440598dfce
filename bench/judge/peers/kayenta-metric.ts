import { mannWhitney } from './mann-whitney.js';
import { normalQuantile } from './normal.js';

export type Classification = 'Pass' | 'High' | 'Low' | 'Nodata' | 'Error';

export interface Comparison {
  direction?: 'increase' | 'decrease' | 'either';
  /** How many times the control's mean the experiment's must be to be High (or its inverse to be Low): `effectSize.allowedIncrease`. */
  allowedIncrease?: number;
}

/** Both are fixed in Kayenta's judge. */
const confidence = 0.98;
const tolerance = 0.25;

/**
 * One metric as Kayenta's NetflixACAJudge-v1.0 classifies it, at its defaults (kayenta-judge/…/NetflixACAJudge.scala and
 * classifiers/metric/MannWhitneyClassifier.scala): NaN is removed; nothing left on either side is Nodata; equal data pass; else High where
 * the whole confidence interval of the shift lies above a quarter of its estimate, Low where it lies below.
 *
 * One thing differs: where each side holds one value only, Kayenta adds Gaussian noise of a hundred-thousandth of it, and here that
 * noise is the quantiles of a normal distribution, so that the answer is always the same.
 */
export function classify(control: readonly number[], experiment: readonly number[], { direction = 'either', allowedIncrease = 1 }: Comparison = {}): Classification {
  const y = control.filter((value) => !Number.isNaN(value));
  const x = experiment.filter((value) => !Number.isNaN(value));
  if (x.length === 0 || y.length === 0) return 'Nodata';
  if (isSame(x, y)) return 'Pass';
  const ratio = meanRatio(x, y);
  const mayBeHigh = direction !== 'decrease' && !(ratio < allowedIncrease);
  const mayBeLow = direction !== 'increase' && !(ratio > 1 / allowedIncrease);
  // What the test takes its time for would not change anything.
  if (!mayBeHigh && !mayBeLow) return 'Pass';
  return shifted(x, y, mayBeHigh, mayBeLow);
}

function shifted(x: number[], y: number[], mayBeHigh: boolean, mayBeLow: boolean): Classification {
  const constant = x.every((value) => value === x[0]) && y.every((value) => value === y[0]);
  try {
    const { interval: [low, high], estimate } = constant ? mannWhitney(blurred(x), blurred(y), confidence) : mannWhitney(x, y, confidence);
    const bound = tolerance * Math.abs(estimate);
    if (mayBeHigh && low > bound) return 'High';
    return mayBeLow && high < -bound ? 'Low' : 'Pass';
  } catch (error) {
    if (error instanceof RangeError) return 'Error';
    throw error;
  }
}

/** The same values in any order, or one value on both sides. */
function isSame(x: number[], y: number[]): boolean {
  if (x.every((value) => value === y[0]) && y.every((value) => value === x[0])) return true;
  if (x.length !== y.length || Math.max(...x) !== Math.max(...y)) return false;
  const sorted = y.toSorted((one, other) => one - other);
  return x.toSorted((one, other) => one - other).every((value, at) => value === sorted[at]);
}

/** NaN, and so no obstacle, where either mean is 0. */
function meanRatio(x: number[], y: number[]): number {
  const [over, under] = [mean(x), mean(y)];
  return over === 0 || under === 0 ? Number.NaN : over / under;
}

const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const blurred = (values: number[]): number[] => values.map((value, at) => value + value * 1e-5 * normalQuantile((at + 0.5) / values.length));
