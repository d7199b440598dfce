import { describe, expect, it } from 'vitest';
import type { CheckJudge } from '../../../src/judge/check-judge.js';
import { culpritsAmong } from '../../../src/judge/decide.js';

const bar = Math.log(200);
const named = (...evidence: number[]): number[] =>
  culpritsAmong(evidence.map((logE) => ({ logE }) as unknown as CheckJudge), bar).map(({ logE }) => logE);

describe('the checks that a failure is about', () => {
  it('are those whose evidence is enough for as many as there are of them, by e-BH', () => {
    expect(named(20, bar + Math.log(3 / 2) + 0.01, 0)).toHaveLength(2);
    expect(named(20, bar + Math.log(3 / 2) - 0.01, 0)).toEqual([20]);
    expect(named(bar + 0.01, 20, bar + 0.01)).toHaveLength(3);
  });

  it('are at least the one with the most, the most of it first', () => {
    expect(named(-1, 3, 1)).toEqual([3]);
    expect(named(9, 30, 20)).toEqual([30, 20, 9]);
  });
});
