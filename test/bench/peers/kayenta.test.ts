import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { kayentaOnce, kayentaRepeated } from '../../../bench/judge/peers/kayenta.js';
import { kayentaAgreement } from '../../../bench/judge/peers/kayenta-agreement.js';
import { classify } from '../../../bench/judge/peers/kayenta-metric.js';
import { mannWhitney } from '../../../bench/judge/peers/mann-whitney.js';
import { decisionsOf, ratioSoak } from './soaks.js';

describe('the Mann–Whitney interval', () => {
  it('is that of Kayenta’s own test', () => {
    expect(mannWhitney([10, 20, 30, 40], [1, 2, 3, 4], 0.95)).toEqual({ interval: [6, 39], estimate: 22.5 });
  });

  // The places of the steps: bisection of the statistic, ranks by scipy's rankdata, 80 rounds. Kayenta's solver comes within 1e-4 of them.
  it.each([
    { x: [1.2, 1.5, 1.1, 1.9, 1.4, 1.6, 1.3, 1.7], y: [1, 0.8, 1.05, 0.9, 1.12, 0.95, 0.7, 1.01], wide: [0.2, 0.85], narrow: [0.25, 0.8] },
    { x: [5, 5, 6, 7, 7, 7, 8, 9, 12], y: [4, 5, 5, 5, 6, 6, 7], wide: [0, 4], narrow: [0, 3] },
    { x: [3, 1, 4, 1.5, 9, 2.6, 5, 3.5, 8.9, 7.9], y: [2.7, 1.8, 2.8, 18.2, 8.4, 5.9, 0.45, 2.3, 5.36, 0.28], wide: [-4.36, 4.72], narrow: [-2.76, 3.54] },
  ])('ends where the statistic steps over its quantile: $wide at 98 %, $narrow at 95 %', ({ x, y, wide, narrow }) => {
    expectNear(mannWhitney(x, y, 0.98).interval, wide);
    expectNear(mannWhitney(x, y, 0.95).interval, narrow);
  });

  it('does not exist where everything is tied', () => {
    expect(() => mannWhitney([1], [1], 0.95)).toThrow('all observations are tied');
  });
});

const steady = [10, 11, 9, 10.5, 9.5, 10.2, 9.8, 10.1, 9.9, 10.4];
const times = (factor: number): number[] => steady.map((value, at) => value * factor + at / 1_000);

describe('Kayenta’s classification of a metric', () => {
  it('is High or Low when all of the interval lies beyond a quarter of the estimate', () => {
    expect([times(2), times(0.5), times(1.01)].map((experiment) => classify(steady, experiment))).toEqual(['High', 'Low', 'Pass']);
  });

  it('passes a shift that is proven, but not to be larger than a quarter of its estimate', () => {
    const shifted = steady.map((value) => value + 0.7);
    expect(mannWhitney(shifted, steady, 0.98).interval[0]).toBeGreaterThan(0);
    expect(classify(steady, shifted)).toBe('Pass');
  });

  it('looks one way only if told so', () => {
    expect(classify(steady, times(0.5), { direction: 'increase' })).toBe('Pass');
    expect(classify(steady, times(2), { direction: 'decrease' })).toBe('Pass');
  });

  it('is Nodata when a side has nothing but NaN', () => {
    expect([classify([], steady), classify(steady, []), classify(steady, [Number.NaN, Number.NaN])]).toEqual(['Nodata', 'Nodata', 'Nodata']);
  });

  it('does not see NaN beside numbers', () => {
    expect(classify([...steady, Number.NaN], [Number.NaN, ...times(2)])).toBe('High');
  });

  it('passes the same data in another order, and one value everywhere', () => {
    expect(classify(steady, steady.toReversed())).toBe('Pass');
    expect(classify([0, 0, 0], [0, 0])).toBe('Pass');
  });

  it('compares one value with another one as if they were a little blurred', () => {
    expect(classify(Array(8).fill(1), Array(8).fill(3))).toBe('High');
    expect(classify(Array(8).fill(3), Array(8).fill(1))).toBe('Low');
    expect(classify(Array(8).fill(0), Array(8).fill(5))).toBe('High');
  });

  it('takes the smallest and the largest difference for the interval where there is too little data, so that three values a side are enough', () => {
    expect(classify([1, 2, 3], [4, 5, 6])).toBe('High');
    expect(classify([1, 2, 4], [3, 5, 6])).toBe('Pass');
  });

  it('asks for a ratio of means as large as allowed, unless one of them is 0', () => {
    expect(classify(steady, times(2), { allowedIncrease: 1.9 })).toBe('High');
    expect(classify(steady, times(2), { allowedIncrease: 2.1 })).toBe('Pass');
    expect(classify(Array(10).fill(0), times(2), { allowedIncrease: 100 })).toBe('High');
  });
});

describe('Kayenta as a judge of a soak', () => {
  const share = (factor: number) => (at: number): number => Math.round(30 * factor + (at * 7) % 11);

  it('says nothing until the end, and then fails or passes', () => {
    const bad = decisionsOf(kayentaOnce, ratioSoak({ minutes: 60, bad: share(3), controlBad: share(1) }));
    expect(bad).toEqual([[3_600, 'fail']]);
    expect(decisionsOf(kayentaOnce, ratioSoak({ minutes: 60, bad: share(1), controlBad: share(1) }))).toEqual([[3_600, 'pass']]);
  });

  it('fails after 10 minutes when it looks so often', () => {
    expect(decisionsOf(kayentaRepeated, ratioSoak({ minutes: 60, bad: share(3), controlBad: share(1) }))).toEqual([[600, 'fail']]);
  });

  it('looks again 10 minutes later, and not before', () => {
    const later = (at: number): number => share(at < 10 ? 1 : 3)(at);
    expect(decisionsOf(kayentaRepeated, ratioSoak({ minutes: 60, bad: later, controlBad: share(1) }))).toEqual([[1_200, 'fail']]);
  });

  it('does not take a region that is always worse for a regression', () => {
    expect(decisionsOf(kayentaRepeated, ratioSoak({ minutes: 60, bad: share(3), controlBad: share(1), historyBad: share(3) }))).toEqual([[3_600, 'pass']]);
  });

  it('lets through what is allowed', () => {
    expect(decisionsOf(kayentaOnce, ratioSoak({ minutes: 60, bad: share(3), controlBad: share(1) }), 5)).toEqual([[3_600, 'pass']]);
  });
});

describe('the comparison with what Kayenta itself has said', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kayenta-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('says so when there is nothing to compare with', () => {
    expect(kayentaAgreement(join(folder, 'missing.jsonl'))).toBe('Kayenta\'s own classifications are not here: the port was not compared with them.');
  });

  it('counts, and names the lines that differ', () => {
    const path = join(folder, 'pairs.jsonl');
    const lines = [{ control: steady, experiment: times(2), classification: 'High' }, { control: steady, experiment: times(2), classification: 'Pass' }];
    writeFileSync(path, lines.map((line) => JSON.stringify(line)).join('\n'));
    expect(kayentaAgreement(path)).toBe('The port of Kayenta\'s judge agrees with Kayenta on 1 of 2 pairs; line 2: High instead of Pass.');
  });
});

function expectNear(found: readonly number[], wanted: readonly number[]): void {
  found.forEach((value, at) => expect(Math.abs(value - wanted[at]!), `${value} instead of ${wanted[at]}`).toBeLessThan(1.1e-4));
}
