import { describe, expect, it } from 'vitest';
import { burnRate } from '../../../bench/judge/peers/burn-rate.js';
import { lindonMalek, MultinomialTest } from '../../../bench/judge/peers/lindon-malek.js';
import sequences from './fixtures/multinomial-seed-1.json' with { type: 'json' };
import { decisionsOf, ratioSoak, requests, soakOf } from './soaks.js';

/** Where the sequence stops, one event at a time: how many, p, and the counts. */
function stopOf(sequence: string, expected: readonly number[]): { n: number; p: number; counts: number[] } {
  const test = new MultinomialTest(expected);
  const counts = expected.map(() => 0);
  for (const [at, event] of sequence.split('').entries()) {
    counts[Number(event)]! += 1;
    test.observe(expected.map((_, index) => (index === Number(event) ? 1 : 0)), expected);
    if (Math.exp(-test.logEvidence) <= 0.05) return { n: at + 1, p: Math.exp(-test.logEvidence), counts };
  }
  throw new Error('does not stop');
}

describe('the multinomial test', () => {
  it('stops the published example at the 402nd event', () => {
    const { n, p, counts } = stopOf(sequences['theta 0.1 0.3 0.6'], [0.1, 0.4, 0.5]);
    expect({ n, counts }).toEqual({ n: 402, counts: [40, 129, 233] });
    expect(p).toBeCloseTo(0.04845591105969517, 12);
  });

  it('stops the published canary at the 210th event', () => {
    const { n, p } = stopOf(sequences['theta of rho 0.8 0.2 and delta 1.5 2'], [0.8, 0.2]);
    expect(n).toBe(210);
    expect(p).toBeCloseTo(0.045579631759249686, 12);
  });

  it('has the same evidence for events at once as for one after the other', () => {
    const [one, all] = [new MultinomialTest([0.2, 0.8]), new MultinomialTest([0.2, 0.8])];
    for (const counts of [[1, 0], [0, 1], [1, 0], [1, 0]]) one.observe(counts, [0.2, 0.8]);
    all.observe([3, 1], [0.2, 0.8]);
    expect(all.logEvidence).toBeCloseTo(one.logEvidence, 12);
  });
});

const twenty = (): number => 20;

describe('Lindon–Malek counts as a judge of a soak', () => {
  it('fails a region that has more of the errors than it used to', () => {
    expect(decisionsOf(lindonMalek, ratioSoak({ minutes: 30, bad: () => 40, controlBad: twenty }))).toEqual([[60, 'fail']]);
  });

  it('does not fail one that has fewer of them', () => {
    expect(decisionsOf(lindonMalek, ratioSoak({ minutes: 30, bad: () => 5, controlBad: twenty }))).toEqual([]);
  });

  it('does not fail a region that always has more', () => {
    expect(decisionsOf(lindonMalek, ratioSoak({ minutes: 30, bad: () => 40, historyBad: () => 40, controlBad: twenty }))).toEqual([]);
  });

  it('waits longer, the smaller α', () => {
    const [[at]] = decisionsOf(lindonMalek, ratioSoak({ minutes: 30, bad: () => 40, controlBad: twenty }), Math.log(1e9)) as [[number, string]];
    expect(at).toBeGreaterThan(60);
  });

  it('expects errors where the traffic is', () => {
    const show = (busy: number) => () => ({
      region: { kind: 'ratio', bad: 20 * busy, total: requests * busy }, controls: { other: { kind: 'ratio', bad: 20, total: requests } },
    } as const);
    expect(decisionsOf(lindonMalek, soakOf({ name: 'errors', kind: 'ratio' }, 30, show(1), show(3)))).toEqual([]);
  });

  it('counts the slow requests of a histogram, above the edge that 95 % stay below', () => {
    const show = (slow: number) => () => ({ region: histogram(slow), controls: { other: histogram(300) } });
    expect(decisionsOf(lindonMalek, soakOf({ name: 'durations', kind: 'histogram' }, 30, show(300), show(300)))).toEqual([]);
    expect(decisionsOf(lindonMalek, soakOf({ name: 'durations', kind: 'histogram' }, 30, show(300), show(500)))).toEqual([[30, 'fail']]);
  });
});

const histogram = (slow: number) => ({ kind: 'histogram', buckets: { '0.1': 5_000, '0.5': requests - slow, '1': requests - 10, '+Inf': requests } }) as const;

describe('SRE burn rates as a judge of a soak', () => {
  // An objective of 99 %: a budget of 100 in 10,000.
  const burning = (bad: (at: number) => number) => ratioSoak({ minutes: 60, bad, controlBad: twenty, objective: 0.99 });

  it('fails at more than 14.4 times the budget, at once', () => {
    expect(decisionsOf(burnRate, burning(() => 1_500))).toEqual([[30, 'fail']]);
  });

  it('fails at more than 14.4 times the budget over a sixth of the soak', () => {
    expect(decisionsOf(burnRate, burning((at) => (at < 60 ? 20 : 1_500)))).toEqual([[2_400, 'fail']]);
  });

  it('fails at more than 6 times the budget over all of the soak so far', () => {
    expect(decisionsOf(burnRate, burning((at) => (at < 20 ? 20 : 1_000)))).toEqual([[1_500, 'fail']]);
  });

  it('does not fail below that', () => {
    expect(decisionsOf(burnRate, burning(() => 590))).toEqual([]);
  });

  it('does not fail for what is over: the short window must burn too', () => {
    // A burst of two looks that lifts the long window of 10 min over 14.4 only when better looks have left it.
    const burst = (after: number) => (at: number): number => (at >= 40 && at < 42 ? 10_000 : at >= 42 && at < 60 ? after : 20);
    expect(decisionsOf(burnRate, burning(burst(590)))).toEqual([]);
    expect(decisionsOf(burnRate, burning(burst(1_450)))).not.toEqual([]);
  });

  it('fails at less when told to be less strict', () => {
    expect(decisionsOf(burnRate, burning(() => 300), 0.5)).toEqual([[30, 'fail']]);
  });

  it('does not judge values', () => {
    const show = (value: number) => () => ({ region: { kind: 'value', value }, controls: {} } as const);
    expect(decisionsOf(burnRate, soakOf({ name: 'memory', kind: 'value', max: 0.9 }, 30, show(0.4), show(100)))).toEqual([]);
  });
});
