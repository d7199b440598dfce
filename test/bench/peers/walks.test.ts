import { describe, expect, it } from 'vitest';
import { cusum, cusumChart } from '../../../bench/judge/peers/cusum.js';
import { bestRho, logNormalMixture, normalMixture, normalMixtureBound } from '../../../bench/judge/peers/normal-mixture.js';
import type { PeerOpinion } from '../../../bench/judge/peer.js';
import type { CheckLook } from '../../../src/judge/sample.js';
import { decisionsOf, soakOf, type Told } from './soaks.js';

describe('the normal mixture', () => {
  const rho = { one: bestRho(100, 0.05, 'one'), two: bestRho(100, 0.05, 'two') };

  // confseq, test/uniform_boundaries_unittest.cpp.
  it('has the published ρ, evidence and bounds', () => {
    expect(rho.two).toBeCloseTo(12.60056, 5);
    expect(logNormalMixture(10, 100, rho.two, 'two')).toBeCloseTo(-0.6510052, 6);
    expect(logNormalMixture(10, 100, rho.one, 'one')).toBeCloseTo(-0.06502391, 6);
    expect(normalMixtureBound(100, 0.05, rho.two, 'two')).toBeCloseTo(30.35209, 5);
    expect(normalMixtureBound(100, 0.05, rho.one, 'one')).toBeCloseTo(27.66071, 5);
  });

  it('is 1 / α at its bound', () => {
    for (const sides of ['one', 'two'] as const) {
      for (const v of [1, 10, 1_000]) {
        expect(logNormalMixture(normalMixtureBound(v, 0.01, rho[sides], sides), v, rho[sides], sides)).toBeCloseTo(Math.log(100), 9);
      }
    }
  });
});

/** Wobbles by 1 % around 1, and by a factor since the deploy: the deviation of the logarithm is about 0.007. */
const wobble = (at: number): number => 1 + 0.01 * Math.sin(at * 2.4);

function valueSoak(factor: number, minutes = 30, from = 0): Told {
  const show = (times: (at: number) => number) => (at: number): CheckLook => ({
    region: { kind: 'value', value: times(at) * wobble(at) }, controls: { one: { kind: 'value', value: 4 }, two: { kind: 'value', value: 3 } },
  });
  return soakOf({ name: 'latency', kind: 'value', margin: 1.05 }, minutes, show(() => 1), show((at) => (at >= from ? factor : 1)));
}

function opinionsOf({ soak, history, looks }: Told): PeerOpinion[] {
  const judge = normalMixture.open(soak, history, Math.log(20));
  return looks.map((look) => judge.observe(look));
}

describe('the normal mixture as a judge of a soak', () => {
  it('fails what got worse, and neither what did not nor what got better', () => {
    expect(decisionsOf(normalMixture, valueSoak(1.1))[0]?.[1]).toBe('fail');
    expect(decisionsOf(normalMixture, valueSoak(1))).toEqual([]);
    expect(decisionsOf(normalMixture, valueSoak(0.9))).toEqual([]);
  });

  it('excludes smaller and smaller effects, and proves that the margin is kept', () => {
    const opinions = opinionsOf(valueSoak(1));
    const excluded = opinions.map((opinion) => opinion.excluded!);
    expect(excluded[0]!).toBeGreaterThan(1.05);
    expect(excluded.at(-1)!).toBeLessThan(1.01);
    expect(excluded.at(-1)!).toBeGreaterThan(1);
    expect([opinions[0]!.proven, opinions.at(-1)!.proven]).toEqual([false, true]);
  });

  it('says nothing without a history to learn the noise from', () => {
    const opinions = opinionsOf({ ...valueSoak(5), history: [] });
    expect(new Set(opinions.map(({ decision, excluded, proven }) => `${decision} ${excluded} ${proven}`))).toEqual(new Set(['continue null false']));
  });
});

describe('CUSUM', () => {
  it('adds up what is above half a deviation, and never goes below 0', () => {
    expect([2, 1, 0, -3, 1].reduce<number[]>((sums, value) => [...sums, cusum(sums.at(-1) ?? 0, value)], [])).toEqual([1.5, 2, 1.5, 0, 0.5]);
  });

  it('fails at the shift, not before', () => {
    const [[at, decision]] = decisionsOf(cusumChart, valueSoak(1.05, 30, 20)) as [[number, string]];
    expect(decision).toBe('fail');
    expect(at).toBeGreaterThan(600);
    expect(at).toBeLessThanOrEqual(660);
  });

  it('does not fail what got better, nor later than its interval asks for', () => {
    expect(decisionsOf(cusumChart, valueSoak(0.9))).toEqual([]);
    expect(decisionsOf(cusumChart, valueSoak(1.05), 1e4)).toEqual([]);
  });
});
