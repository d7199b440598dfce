import { describe, expect, it } from 'vitest';
import { argoBaseline, argoObjective } from '../../../bench/judge/peers/argo.js';
import { flaggerBaseline, flaggerObjective } from '../../../bench/judge/peers/flagger.js';
import { limitOf } from '../../../bench/judge/peers/limits.js';
import { usualOf } from '../../../bench/judge/peers/usual.js';
import type { CheckLook, Sample } from '../../../src/judge/sample.js';
import { decisionsOf, ratioSoak, requests, soakOf, type Told } from './soaks.js';

const twenty = (): number => 20;
const silence: Sample = { kind: 'no-data', reason: 'nothing was scraped' };

/** An objective of 98 %: at most 200 bad requests of 10,000. */
const withBad = (bad: (at: number) => number): Told => ratioSoak({ minutes: 60, bad, controlBad: twenty });

/** From this look on, so many looks without any sample of the region. */
function silenced(told: Told, from: number, count: number): Told {
  const looks = told.looks.map((look, at) => {
    if (at < from || at >= from + count) return look;
    return { ...look, checks: Object.fromEntries(Object.entries(look.checks).map(([name, check]): [string, CheckLook] => [name, { ...check, region: silence }])) };
  });
  return { ...told, looks };
}

describe('Argo Rollouts', () => {
  it('fails with the fourth failed measurement of 5 min, three are allowed', () => {
    expect(decisionsOf(argoObjective, withBad(() => 201))).toEqual([[1_200, 'fail']]);
    expect(decisionsOf(argoObjective, withBad((at) => (at < 30 ? 201 : 20)))).toEqual([]);
  });

  it('counts failed measurements wherever they lie', () => {
    expect(decisionsOf(argoObjective, withBad((at) => (Math.floor(at / 10) % 2 === 0 ? 300 : 20)))).toEqual([[2_100, 'fail']]);
  });

  it('keeps within an objective that is met exactly', () => {
    expect(decisionsOf(argoObjective, ratioSoak({ minutes: 60, bad: () => 2_500, controlBad: twenty, objective: 0.75 }))).toEqual([]);
    expect(decisionsOf(argoObjective, ratioSoak({ minutes: 60, bad: () => 2_501, controlBad: twenty, objective: 0.75 }))).toEqual([[1_200, 'fail']]);
  });

  it('fails beyond twice the controls, and not at twice', () => {
    expect(decisionsOf(argoBaseline, withBad(() => 42))).toEqual([[1_200, 'fail']]);
    expect(decisionsOf(argoBaseline, withBad(() => 39))).toEqual([]);
  });

  it('does not take one error of few requests for infinitely more than none', () => {
    const show = (bad: number) => (): CheckLook => ({ region: { kind: 'ratio', bad, total: 10 }, controls: { other: { kind: 'ratio', bad: 0, total: 10 } } });
    const told = soakOf({ name: 'errors', kind: 'ratio' }, 60, show(0), show(1));
    expect([2, 100].map((factor) => decisionsOf(argoBaseline, told, factor))).toEqual([[[1_200, 'fail']], []]);
  });

  it('does not take a region that is always slower for a regression', () => {
    const show = (seconds: number) => (): CheckLook => ({ region: { kind: 'value', value: seconds }, controls: { other: { kind: 'value', value: 0.1 } } });
    expect(decisionsOf(argoBaseline, soakOf({ name: 'latency', kind: 'value' }, 60, show(0.3), show(0.3)))).toEqual([]);
    expect(decisionsOf(argoBaseline, soakOf({ name: 'latency', kind: 'value' }, 60, show(0.3), show(0.7)))).toEqual([[1_200, 'fail']]);
  });

  it('compares with the region’s own past where there are no controls', () => {
    const show = (bad: number) => (): CheckLook => ({ region: { kind: 'ratio', bad, total: requests }, controls: {} });
    expect(decisionsOf(argoBaseline, soakOf({ name: 'errors', kind: 'ratio' }, 60, show(20), show(45)))).toEqual([[1_200, 'fail']]);
    expect(decisionsOf(argoBaseline, soakOf({ name: 'errors', kind: 'ratio' }, 60, show(20), show(35)))).toEqual([]);
  });

  it('ends in an error after five measurements without an answer in a row, not after four', () => {
    expect(decisionsOf(argoObjective, silenced(withBad(twenty), 10, 50))).toEqual([[1_800, 'fail']]);
    expect(decisionsOf(argoObjective, silenced(withBad(twenty), 10, 40))).toEqual([]);
    expect(decisionsOf(argoObjective, silenced(silenced(withBad(twenty), 10, 40), 60, 40))).toEqual([]);
  });
});

describe('Flagger', () => {
  it('rolls back in the interval after the fifth failed check', () => {
    expect(decisionsOf(flaggerObjective, withBad(() => 201))).toEqual([[360, 'fail']]);
    expect(decisionsOf(flaggerObjective, withBad((at) => (at < 8 ? 201 : 20)))).toEqual([]);
  });

  it('never forgets a failed check', () => {
    expect(decisionsOf(flaggerObjective, withBad((at) => (at % 20 < 2 ? 300 : 20)))).toEqual([[2_520, 'fail']]);
  });

  it('takes a metric without values for a failed check', () => {
    expect(decisionsOf(flaggerObjective, silenced(withBad(twenty), 20, 10))).toEqual([[960, 'fail']]);
  });

  it('fails beyond twice the controls, and not at twice', () => {
    expect(decisionsOf(flaggerBaseline, withBad(() => 42))).toEqual([[360, 'fail']]);
    expect(decisionsOf(flaggerBaseline, withBad(() => 39))).toEqual([]);
  });

  it('rings more rarely, the further away its limit', () => {
    const soak = withBad((at) => 150 + 10 * (at % 10));
    expect([0.5, 1, 2].map((exponent) => decisionsOf(flaggerObjective, soak, exponent).length)).toEqual([1, 1, 0]);
  });
});

describe('the limit of a check', () => {
  const value = (told: number) => (): CheckLook => ({ region: { kind: 'value', value: told }, controls: {} });
  const limits = (told: Told): (number | null)[] => [0.5, 1, 2].map((exponent) => limitOf(usualOf(told.soak, told.history)[0]!, exponent));

  it('is what the objective leaves, moved in logarithms from what is usual', () => {
    expectNear(limits(withBad(twenty)), [Math.sqrt(0.002 * 0.02), 0.02, 0.2]);
  });

  it('is half above what is usual where nobody has set one', () => {
    expectNear(limits(soakOf({ name: 'latency', kind: 'value' }, 10, value(0.2), value(0.2))), [0.2 * Math.sqrt(1.5), 0.3, 0.45]);
  });

  it('is turned round where lower is worse', () => {
    expectNear(limits(soakOf({ name: 'hits', kind: 'value', min: 0.5 }, 10, value(0.8), value(0.8))), [Math.sqrt(1 / (0.8 * 0.5)), 2, 3.2]);
  });

  it('rises with the exponent also where it is usually broken', () => {
    const [low, set, high] = limits(soakOf({ name: 'memory', kind: 'value', max: 0.9 }, 10, value(2), value(2)));
    expect(set).toBeCloseTo(0.9, 9);
    expect(low!).toBeLessThan(set!);
    expect(high!).toBeGreaterThan(set!);
  });

  it('is the objective’s own without a history, and there is none for a value without limits', () => {
    const errors = { ...withBad(twenty), history: [] };
    expectNear(limits(errors), [0.01, 0.02, 0.04]);
    expect(limits({ ...soakOf({ name: 'latency', kind: 'value' }, 10, value(1), value(1)), history: [] })).toEqual([null, null, null]);
  });
});

function expectNear(found: (number | null)[], wanted: number[]): void {
  found.forEach((limit, at) => expect(limit! / wanted[at]!, `${limit} instead of ${wanted[at]}`).toBeCloseTo(1, 3));
}
