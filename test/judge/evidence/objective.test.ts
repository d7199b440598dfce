import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomOf } from '../../../bench/judge/simulator/random.js';
import { Objective, type ObjectiveState } from '../../../src/judge/evidence/objective.js';
import type { RatioSample } from '../../../src/judge/sample.js';

const budget = 0.001;
const ratio = (bad: number, total: number): RatioSample => ({ kind: 'ratio', bad, total });

function seen(looks: [bad: number, total: number, controlBad?: number][], spread = 0.001): Objective {
  const objective = new Objective(budget, spread);
  for (const [bad, total, controlBad = 0] of looks) objective.observe(ratio(bad, total), [ratio(controlBad, 1_000), ratio(controlBad, 1_000)]);
  return objective;
}
const times = (count: number, look: [number, number, number?]): [number, number, number?][] => Array.from({ length: count }, () => look);

describe('an objective', () => {
  it('says how many times its budget is used, by the region and by the controls', () => {
    const objective = seen([[3, 1_000, 2], [1, 1_000, 0]]);
    expect(objective.burn).toBeCloseTo(2, 12);
    expect(objective.controlBurn).toBeCloseTo(1, 12);
    expect([objective.observed, objective.requests]).toEqual([0.002, 2_000]);
  });

  it('says nothing before the first request', () => {
    const { observed, burn, controlBurn, logE, isCatastrophe } = new Objective(budget, 0.01);
    expect({ observed, burn, controlBurn, logE, isCatastrophe }).toEqual({ observed: null, burn: 0, controlBurn: 0, logE: 0, isCatastrophe: false });
  });

  it('never counts more bad requests than requests', () => {
    expect(seen([[50, 10]]).observed).toBe(1);
  });

  it('is broken with more evidence the more of it is used, and kept with none', () => {
    const evidence = [0, 1, 3, 10, 30].map((bad) => seen(times(10, [bad, 1_000])).logE);
    expect(evidence).toEqual(evidence.toSorted((left, right) => left - right));
    expect(evidence[0]).toBeLessThan(0);
    expect(evidence.at(-1)).toBeGreaterThan(Math.log(200));
  });

  it('seems broken at 20 : 1 in fewer than one of twenty soaks that use all of it', () => {
    const random = randomOf('objective');
    let alarms = 0;
    for (let soak = 0; soak < 200; soak++) {
      const objective = new Objective(budget, 0.001);
      let most = 0;
      for (let look = 0; look < 20; look++) {
        objective.observe(ratio(random.poisson(2), 2_000), []);
        most = Math.max(most, objective.logE);
      }
      if (most >= Math.log(20)) alarms += 1;
    }
    expect(alarms).toBeLessThan(10);
  });

  it('counts a look for less where looks scatter beyond counting', () => {
    expect(seen(times(10, [5, 1_000]), 1).logE).toBeLessThan(seen(times(10, [5, 1_000]), 0.001).logE);
  });
});

describe('an objective that is shown to be kept', () => {
  it('takes enough requests, and the fewer of them were bad the fewer', () => {
    const needed = (bad: number): number => [1, 2, 4, 8, 16, 32, 64, 128, 256].find((looks) => seen(times(looks, [bad, 1_000])).isKept(1.5)) ?? Infinity;
    expect(needed(0)).toBeGreaterThan(1);
    expect(needed(0)).toBeLessThan(Infinity);
    expect(needed(0.5)).toBeGreaterThanOrEqual(needed(0));
    expect(needed(2)).toBe(Infinity);
  });

  it('is shown sooner for a wider margin', () => {
    const objective = seen(times(3, [0, 1_000]));
    expect([objective.isKept(1.2), objective.isKept(4)]).toEqual([false, true]);
  });

  it('is not shown by nothing', () => {
    expect(new Objective(budget, 0.01).isKept(1.5)).toBe(false);
  });
});

describe('a catastrophe', () => {
  const terrible: [number, number] = [20, 1_000];

  it('takes two looks, however bad the first', () => {
    expect(seen([[1_000, 1_000]]).isCatastrophe).toBe(false);
    expect(seen(times(2, [1_000, 1_000])).isCatastrophe).toBe(true);
  });

  it('is eight times the budget, and not three times, for however long', () => {
    expect(seen(times(10, terrible)).isCatastrophe).toBe(true);
    expect(seen(times(500, [3, 1_000])).isCatastrophe).toBe(false);
  });

  it('is none where the controls are as bad', () => {
    expect(seen(times(10, [20, 1_000, 1])).isCatastrophe).toBe(true);
    expect(seen(times(10, [20, 1_000, 20])).isCatastrophe).toBe(false);
  });

  it('is over when it has been good again', () => {
    expect(seen([...times(10, terrible), ...times(30, [0, 1_000])]).isCatastrophe).toBe(false);
  });

  it('is found after any length of good looks', () => {
    expect(seen([...times(300, [0, 1_000]), ...times(6, terrible)]).isCatastrophe).toBe(true);
  });

  it('of a handful of requests is none', () => {
    expect(seen([[1, 1], [1, 1]]).isCatastrophe).toBe(false);
    expect(seen([[1, 3], [0, 2], [0, 4]]).isCatastrophe).toBe(false);
  });
});

describe('what an objective has seen', () => {
  it('is kept as JSON, whatever it was', () => {
    const count = fc.oneof(fc.integer({ min: 0, max: 1_000_000 }), fc.constantFrom(0, 0.5, 1e9, 1e12));
    fc.assert(fc.property(fc.array(fc.tuple(count, count, count), { minLength: 1, maxLength: 8 }), fc.double({ min: 1e-6, max: 0.5, noNaN: true }), (looks, allowed) => {
      let objective = new Objective(allowed, 0.01);
      const straight = new Objective(allowed, 0.01);
      for (const [bad, total, controlBad] of looks) {
        for (const each of [objective, straight]) each.observe(ratio(bad, total), [ratio(controlBad, total)]);
        objective = new Objective(allowed, 0.01, JSON.parse(JSON.stringify(objective.save())) as ObjectiveState);
      }
      const figures = ({ observed, burn, controlBurn, logE }: Objective) => ({ observed: observed ?? 0, burn, controlBurn, logE });
      expect(figures(objective)).toEqual(figures(straight));
      expect(Object.values(figures(objective)).every(Number.isFinite)).toBe(true);
    }), { numRuns: 60 });
  });
});
