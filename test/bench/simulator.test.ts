import { describe, expect, it } from 'vitest';
import { scenarios } from '../../bench/judge/scenarios.js';
import { edges, measureRatio } from '../../bench/judge/simulator/metrics.js';
import { heavyBursts, longMemory, meanReverting, randomWalk, warmUp, type Grid } from '../../bench/judge/simulator/noise.js';
import { randomOf } from '../../bench/judge/simulator/random.js';
import type { Effect, Scenario } from '../../bench/judge/simulator/scenario.js';
import { simulate, type SimulatedSoak } from '../../bench/judge/simulator/world.js';
import { meanOf } from '../../bench/judge/statistics.js';
import type { Look, Sample } from '../../src/judge/sample.js';

const named = (name: string): Scenario => scenarios.find((scenario) => scenario.name === name) as Scenario;
const varianceOf = (values: number[]): number => meanOf(values.map((value) => (value - meanOf(values)) ** 2));
const draw = (count: number, one: () => number): number[] => Array.from({ length: count }, one);

describe('randomness', () => {
  it('is the same for the same seed, and another for another', () => {
    const numbers = (seed: string): number[] => draw(5, randomOf(seed).uniform);
    expect(numbers('a')).toEqual(numbers('a'));
    expect(numbers('a')).not.toEqual(numbers('b'));
    // Written down, so that a changed generator is noticed: every figure of the report would change with it.
    expect(randomOf('meridian').uniform()).toBe(0.45672311540693045);
  });

  it.each([
    { what: 'uniform', one: (seed: string) => randomOf(seed).uniform, mean: 0.5, variance: 1 / 12 },
    { what: 'normal', one: (seed: string) => randomOf(seed).normal, mean: 0, variance: 1 },
    { what: 'exponential', one: (seed: string) => bind(seed, (random) => random.exponential(3)), mean: 3, variance: 9 },
    { what: 'gamma, large shape', one: (seed: string) => bind(seed, (random) => random.gammaAround1(0.1)), mean: 1, variance: 0.1 },
    { what: 'gamma, small shape', one: (seed: string) => bind(seed, (random) => random.gammaAround1(2)), mean: 1, variance: 2 },
    { what: 'few of Poisson', one: (seed: string) => bind(seed, (random) => random.poisson(2.5)), mean: 2.5, variance: 2.5 },
    { what: 'many of Poisson', one: (seed: string) => bind(seed, (random) => random.poisson(6000)), mean: 6000, variance: 6000 },
    { what: 'few of a binomial', one: (seed: string) => bind(seed, (random) => random.binomial(6000, 0.001)), mean: 6, variance: 5.994 },
    { what: 'many of a binomial', one: (seed: string) => bind(seed, (random) => random.binomial(6000, 0.3)), mean: 1800, variance: 1260 },
    { what: 'nearly all of a binomial', one: (seed: string) => bind(seed, (random) => random.binomial(100, 0.98)), mean: 98, variance: 1.96 },
    { what: 'Student’s t', one: (seed: string) => bind(seed, (random) => random.student(8)), mean: 0, variance: 8 / 6 },
  ])('has the mean and the variance of what it draws: $what', ({ one, mean, variance }) => {
    const values = draw(20_000, one('moments'));
    const error = Math.sqrt(variance / values.length);
    expect(Math.abs(meanOf(values) - mean)).toBeLessThan(5 * error);
    expect(varianceOf(values) / variance).toBeCloseTo(1, 1);
  });

  const bind = (seed: string, one: (random: ReturnType<typeof randomOf>) => number): (() => number) => {
    const random = randomOf(seed);
    return () => one(random);
  };
});

describe('noise', () => {
  const grid: Grid = { looks: 20_000, history: 10_000, step: 30 };
  const correlation = (values: number[], lag: number): number => {
    const mean = meanOf(values);
    return meanOf(values.slice(lag).map((value, at) => (value - mean) * ((values[at] ?? 0) - mean))) / varianceOf(values);
  };

  it('that reverts to its mean varies as it says, and forgets within its time', () => {
    const values = [...meanReverting(0.2, 10)(grid, randomOf('ou'))];
    expect(Math.sqrt(varianceOf(values)) / 0.2).toBeCloseTo(1, 1);
    expect(correlation(values, 20)).toBeGreaterThan(Math.exp(-1) - 0.12);
    expect(correlation(values, 20)).toBeLessThan(Math.exp(-1) + 0.12);
  });

  it('that walks is as far off in half an hour as it says', () => {
    const values = [...randomWalk(0.1)(grid, randomOf('walk'))];
    const steps = values.slice(60).map((value, at) => value - (values[at] ?? 0));
    expect(Math.abs(Math.sqrt(varianceOf(steps)) / 0.1 - 1)).toBeLessThan(0.25);
  });

  it('of long memory still remembers where mean reversion has forgotten', () => {
    const long = [...longMemory(0.2)(grid, randomOf('long'))];
    const short = [...meanReverting(0.2, 10)(grid, randomOf('long'))];
    expect(correlation(long, 200)).toBeGreaterThan(correlation(short, 200) + 0.1);
    expect(correlation(long, 1)).toBeLessThan(correlation(short, 1));
  });

  it('in bursts is nothing most of the time, and never more than ×20', () => {
    const values = [...heavyBursts(1, 0.3)(grid, randomOf('bursts'))];
    expect(values.filter((value) => value === 0).length).toBeGreaterThan(grid.looks / 2);
    expect(Math.max(...values)).toBeGreaterThan(0.6);
    expect(Math.max(...values)).toBeLessThanOrEqual(3);
  });

  it('of a warm-up begins with the deploy and ends', () => {
    const values = [...warmUp(5, 3)(grid, randomOf('warm-up'))];
    expect(values[grid.history - 1]).toBe(0);
    expect(Math.exp(values[grid.history] ?? 0)).toBeCloseTo(5);
    expect(values.slice(grid.history + 6).every((value) => value === 0)).toBe(true);
  });
});

describe('a simulated soak', () => {
  const regionOf = (looks: Look[], check: string): Sample[] => looks.flatMap((look) => look.checks[check]?.region ?? []);
  const counts = (looks: Look[], check: string): { bad: number; total: number } =>
    regionOf(looks, check).reduce((sum, sample) => (sample.kind === 'ratio' ? { bad: sum.bad + sample.bad, total: sum.total + sample.total } : sum), { bad: 0, total: 0 });
  const many = (scenario: Scenario, soaks = 40): SimulatedSoak[] =>
    Array.from({ length: soaks }, (_, index) => simulate({ ...scenario, place: { ...scenario.place, historyHours: 0 } }, `test/${index}`));
  const sumOf = (soaks: SimulatedSoak[], check: string): { bad: number; total: number } => {
    const all = soaks.map(({ looks }) => counts(looks, check));
    return { bad: all.reduce((sum, { bad }) => sum + bad, 0), total: all.reduce((sum, { total }) => sum + total, 0) };
  };

  it('is the same whatever was simulated before', () => {
    const first = simulate(named('drift'), 'seed/test/7');
    simulate(named('clusters'), 'seed/test/8');
    expect(simulate(named('drift'), 'seed/test/7')).toEqual(first);
    expect(simulate(named('drift'), 'seed/training/7')).not.toEqual(first);
  });

  it.each(scenarios.map(({ name }) => ({ name })))('has its looks before and after the deploy, each check with all controls: $name', ({ name }) => {
    const scenario = named(name);
    const { soak, history, looks } = simulate(scenario, 'shape');
    expect(looks).toHaveLength((scenario.place.soakMinutes * 60) / scenario.place.step);
    expect(history).toHaveLength((scenario.place.historyHours * 3600) / scenario.place.step);
    expect(history.every(({ t }) => t < soak.deployAt)).toBe(true);
    expect(looks[0]?.t).toBe(soak.deployAt + soak.step);
    for (const { checks } of [...history.slice(-1), ...looks.slice(0, 1)]) {
      expect(Object.keys(checks)).toEqual(soak.checks.map((check) => check.name));
      for (const { controls } of Object.values(checks)) expect(Object.keys(controls)).toHaveLength(scenario.place.controls);
    }
  });

  it('has the traffic and the errors that its scenario names', () => {
    const { bad, total } = sumOf(many(named('iid')), 'errors');
    expect(total / 40 / 3600).toBeCloseTo(200, 0);
    // Regions lie apart by a deviation of 0.3 of the logarithm: mean e^0.045, over 40 soaks.
    expect(bad / total / 0.001).toBeGreaterThan(0.8);
    expect(bad / total / 0.001).toBeLessThan(1.3);
  });

  it('gets as much worse as its effect says, in the region and nowhere else', () => {
    const scenario = named('errors-3');
    const soaks = many(scenario);
    const quiet = many({ ...scenario, truth: 'good', effect: { factors: {} } });
    const factor = (check: string): number => sumOf(soaks, check).bad / sumOf(soaks, check).total / (sumOf(quiet, check).bad / sumOf(quiet, check).total);
    expect(factor('errors')).toBeCloseTo(3, 0);
    expect(factor('slow')).toBeCloseTo(1, 1);
    const control = (all: SimulatedSoak[]): number => meanOf(all.flatMap(({ looks }) => looks.map((look) => {
      const sample = look.checks['errors']?.controls['control-1'];
      return sample?.kind === 'ratio' ? sample.bad : 0;
    })));
    expect(control(soaks) / control(quiet)).toBeCloseTo(1, 1);
  });

  it('gets worse at its onset, not before, and by degrees where it ramps', () => {
    const evidence = simulate(named('onset-10'), 'onset').evidence;
    expect(evidence.slice(0, 20).every((value) => value === 0)).toBe(true);
    expect(evidence.slice(20, 25).reduce((sum, value) => sum + value, 0)).toBeGreaterThan(0);
    const ramps = many(named('ramp')).map((soak) => soak.evidence);
    expect(meanOf(ramps.map((values) => values[2] ?? 0))).toBeLessThan(meanOf(ramps.map((values) => values[60] ?? 0)));
  });

  it('has cumulative buckets that end at its requests, moved by what the release does to latency', () => {
    const buckets = (name: string): Record<string, number>[] =>
      many(named(name), 10).flatMap(({ looks }) => regionOf(looks, 'durations').flatMap((sample) => (sample.kind === 'histogram' ? [sample.buckets] : [])));
    const quiet = buckets('drift');
    for (const one of quiet.slice(0, 20)) {
      const cumulative = edges.map((edge) => one[String(edge)] ?? Number.NaN);
      expect([...cumulative, one['+Inf']]).toEqual([...cumulative, one['+Inf'] ?? 0].toSorted((a, b) => a - b));
    }
    const fast = (all: Record<string, number>[]): number => meanOf(all.map((one) => (one['0.1'] ?? 0) / (one['+Inf'] ?? 1)));
    expect(fast(buckets('durations-1.5'))).toBeLessThan(fast(quiet) - 0.1);
  });

  it('is slow in one pod of eight as if an eighth of its requests were as slow as that pod', () => {
    const slow = (effect: Effect): number => meanOf(many({ ...named('iid'), truth: 'bad', effect }, 20).flatMap(({ looks }) => regionOf(looks, 'durations').flatMap((sample) =>
      (sample.kind === 'histogram' ? [1 - (sample.buckets['0.25'] ?? 0) / (sample.buckets['+Inf'] ?? 1)] : []))));
    const [usual, all, pod] = [slow({ factors: {} }), slow({ factors: { durations: 3 } }), slow({ factors: { durations: 3 }, pods: 8 })];
    expect((pod - usual) / (all - usual) / (1 / 8)).toBeCloseTo(1, 0);
    expect((pod - usual) / (all - usual)).toBeGreaterThan(0.1);
  });

  it('has errors in clusters whose variance is what the scenario says', () => {
    const scenario = { ...named('iid'), clusters: 0.36 };
    const looks = 5000;
    const { samples } = measureRatio(() => 0.001)({
      scenario, random: randomOf('clusters'), requests: Array.from({ length: looks }, () => 6000), drifts: new Float64Array(looks), worse: () => 0,
    });
    const bad = samples.map((sample) => (sample.kind === 'ratio' ? sample.bad : 0));
    expect(varianceOf(bad) / (6 + 0.36 * 36)).toBeCloseTo(1, 1);
  });

  it('lacks the samples that were not scraped, and whole gaps', () => {
    const samples = many(named('missing'), 20).flatMap(({ history, looks }) => regionOf([...history, ...looks], 'errors'));
    const share = samples.filter(({ kind }) => kind === 'no-data').length / samples.length;
    expect(share).toBeGreaterThan(0.1);
    expect(share).toBeLessThan(0.2);
  });
});

describe('the scenarios', () => {
  it('have names of their own, and half of the quiet ones noise that the judge does not assume', () => {
    expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
    const quiet = scenarios.filter(({ truth }) => truth === 'good');
    expect(quiet.filter(({ family }) => family === 'different').length).toBeGreaterThanOrEqual(quiet.length / 2);
  });

  it('are bad only where the release does something, and incidents only where all regions are hit', () => {
    for (const { truth, effect } of scenarios) expect(effect !== undefined).toBe(truth === 'bad');
  });
});
