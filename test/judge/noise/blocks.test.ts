import { describe, expect, it } from 'vitest';
import { blend, blocksOf, driftSigma, driftVariance, median, variance } from '../../../src/judge/noise/blocks.js';

describe('blocks of the past', () => {
  it('are consecutive and whole', () => {
    expect(blocksOf([1, 2, 3, 4, 5, 6, 7], 3)).toEqual([[1, 2, 3], [4, 5, 6]]);
    expect(blocksOf([1, 2], 3)).toEqual([]);
  });

  it('have a median and a variance, also a single one', () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3]), variance([5]), variance([1, 3])]).toEqual([2, 2.5, 0, 2]);
  });
});

describe('the variance of drift between blocks', () => {
  const calm = [0.1, -0.1, 0.12, -0.08, 0.05, -0.11, 0.09, -0.02, 0.03, -0.06];

  it('is what their own noise does not explain', () => {
    expect(driftVariance(calm, 0)).toBeGreaterThan(driftVariance(calm, 0.004));
    expect(driftVariance(calm, 1)).toBe(0);
  });

  it('is hardly moved by one wild block', () => {
    expect(driftVariance([...calm, 8], 0)).toBeLessThan(variance([...calm, 8]) / 50);
  });

  it('is none where there are too few of them to tell', () => {
    expect([driftVariance([], 0), driftVariance([1], 0), driftVariance([1, 5], 0)]).toEqual([0, 0, 0]);
  });
});

describe('how far a log ratio drifts', () => {
  const calm = [0.1, -0.1, 0.12, -0.08, 0.05, -0.11, 0.09, -0.02, 0.03, -0.06];
  const of = (pieces: number): number => driftSigma(calm, 0, { least: 0.01, usual: 0.5, pieces });

  it('is what is usual without a past, and what was seen after a long one', () => {
    expect(of(0)).toBe(0.5);
    expect(of(1_000)).toBeCloseTo(Math.sqrt(driftVariance(calm, 0)), 1);
    expect([of(0), of(2), of(10), of(50)]).toEqual([of(0), of(2), of(10), of(50)].toSorted((left, right) => right - left));
  });

  it('is never less than the least', () => {
    expect(driftSigma(calm, 9, { least: 0.2, usual: 0.2, pieces: 10 })).toBeCloseTo(0.2, 9);
  });
});

describe('what is learned from a short past', () => {
  it('lies between the learned figure and the standard one', () => {
    expect([blend(1, 3, 0), blend(1, 3, 0.25), blend(1, 3, 1)]).toEqual([3, 2.5, 1]);
  });
});
