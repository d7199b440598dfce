import { describe, expect, it } from 'vitest';
import { limitOf } from '../../bench/judge/limit.js';
import { scenarios } from '../../bench/judge/scenarios.js';
import type { Effect, Scenario } from '../../bench/judge/simulator/scenario.js';
import { simulate, type SimulatedSoak } from '../../bench/judge/simulator/world.js';
import { meanOf, quantileOf } from '../../bench/judge/statistics.js';

const named = (name: string): Scenario => {
  const scenario = scenarios.find((one) => one.name === name) as Scenario;
  return { ...scenario, place: { ...scenario.place, historyHours: 0 } };
};
const soaksOf = (scenario: Scenario, count = 40): SimulatedSoak[] => Array.from({ length: count }, (_, index) => simulate(scenario, `limit/${index}`));
const median = (name: string, from = 0): number => quantileOf(soaksOf(named(name)).map((soak) => limitOf(soak, from).failed), 0.5) ?? Infinity;

describe('LIMIT', () => {
  it('is the sooner the worse the release is', () => {
    expect(median('errors-3')).toBeLessThanOrEqual(median('errors-2'));
    expect(median('errors-2')).toBeLessThan(median('errors-1.5'));
    expect(median('latency-1.2')).toBeLessThanOrEqual(median('latency-1.1'));
  });

  it('takes about as long as Wald says: the bar over the mean evidence of a look', () => {
    const mean = meanOf(soaksOf(named('errors-1.5')).flatMap(({ evidence }) => evidence));
    const looks = median('errors-1.5') * 2;
    expect(looks).toBeGreaterThan((Math.log(200) / mean) * 0.6);
    expect(looks).toBeLessThan((Math.log(200) / mean) * 1.6);
  });

  it('cannot decide before it begins to count', () => {
    expect(median('errors-10', 3)).toBe(3.5);
    expect(median('errors-10')).toBe(0.5);
  });

  it('has no evidence where nothing is measured, and none before the release gets worse', () => {
    const [soak] = soaksOf(named('onset-20'), 1);
    expect(limitOf(soak as SimulatedSoak, 0).failed).toBeGreaterThan(20);
  });
});

describe('the evidence that LIMIT adds up', () => {
  // For whoever knows the noise, the mean of the likelihood ratio is 1 without the release; so is that of its inverse, under the release.
  // The effects are small, so that the mean does not hang on a few rare looks.
  it.each<{ what: string; effect: Effect }>([
    { what: 'errors', effect: { factors: { errors: 1.5 } } },
    { what: 'slow requests', effect: { factors: { slow: 1.1 } } },
    { what: 'a value', effect: { factors: { latency: 1.03 } } },
    { what: 'a histogram', effect: { factors: { durations: 1.01 } } },
    { what: 'one pod', effect: { factors: { errors: 3, durations: 1.1 }, pods: 8 } },
  ])('is a likelihood ratio: e^−evidence is 1 in the mean: $what', ({ effect }) => {
    const values = soaksOf({ ...named('drift'), truth: 'bad', effect }, 30).flatMap(({ evidence }) => evidence.map((value) => Math.exp(-value)));
    const mean = meanOf(values);
    const error = Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)) / values.length);
    expect(error).toBeLessThan(0.05);
    expect(Math.abs(mean - 1)).toBeLessThan(5 * error);
  });
});
