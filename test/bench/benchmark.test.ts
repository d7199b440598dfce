import { describe, expect, it } from 'vitest';
import { jobsOf, meridianLabel, runBenchmark, tunedLabel, type Benchmark } from '../../bench/judge/benchmark.js';
import { doAll } from '../../bench/judge/crew.js';
import { criticalStrictness, outcomeOf } from '../../bench/judge/outcome.js';
import type { Peer } from '../../bench/judge/peer.js';
import { peers } from '../../bench/judge/peers/index.js';
import { documentOf } from '../../bench/judge/report/document.js';
import { detectionPlot } from '../../bench/judge/report/detection-plot.js';
import { efficiencyPlot } from '../../bench/judge/report/efficiency-plot.js';
import { falseAlarmPlot } from '../../bench/judge/report/false-alarm-plot.js';
import { scenarios } from '../../bench/judge/scenarios.js';
import type { Scenario } from '../../bench/judge/simulator/scenario.js';
import { simulate, type SimulatedSoak } from '../../bench/judge/simulator/world.js';
import { quantileOf, shareOf } from '../../bench/judge/statistics.js';
import { tune } from '../../bench/judge/tuning.js';
import { work, type Entrant } from '../../bench/judge/work.js';

const named = (...names: string[]): Scenario[] => scenarios.filter(({ name }) => names.includes(name));

// Without a history the judges have little to learn, and the test little to wait for.
const few = named('no-history', 'no-history-3');
const options = { seed: 'test', soaks: 4, processes: 1, scenarios: few, peers: peers.filter(({ name }) => name === 'CUSUM') };

describe('the benchmark', () => {
  it('gives the same figures on one core and on three, and others with another seed', async () => {
    const figures = ({ summary, peers: tuned }: Benchmark): unknown => [
      tuned.map(({ tuned: one }) => one), ...few.flatMap((scenario) => [meridianLabel, 'CUSUM', tunedLabel('CUSUM'), 'LIMIT'].map((label) => summary(label, [scenario]).bad)),
    ];
    const one = figures(await runBenchmark(options));
    expect(figures(await runBenchmark({ ...options, processes: 3 }))).toEqual(one);
    expect(figures(await runBenchmark({ ...options, seed: 'another' }))).not.toEqual(one);
  });

  it('gives the same rows whoever does a job, and in the order of the jobs', async () => {
    const cusum: Entrant = { peer: 'CUSUM', label: 'CUSUM', strictness: 5 };
    const jobs = jobsOf(few, 'test', 5, 'test', [cusum], ['CUSUM'], 2);
    expect(jobs.map(({ from, to }) => [from, to])).toEqual([[0, 2], [2, 4], [4, 5], [0, 2], [2, 4], [4, 5]]);
    expect(await doAll(jobs, 2)).toEqual(jobs.flatMap(work));
  });

  it('says which job went wrong', async () => {
    await expect(doAll([{ scenario: 'none', half: 'test', seed: '', from: 0, to: 1, judges: [], tune: [] }], 1)).rejects.toThrow('there is no scenario none');
  });

  it('writes a report that shows every scenario and every judge', async () => {
    const all = named('no-history', 'no-history-3', 'errors-2', 'errors-3', 'errors-5', 'incident-3');
    const benchmark = await runBenchmark({ ...options, soaks: 1, processes: 2, scenarios: all });
    const text = documentOf(benchmark, '### Notes', 'agreed');
    for (const { name } of all) expect(text).toContain(name);
    expect(text).toContain('### Notes');
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
    for (const plot of [falseAlarmPlot(benchmark, true), detectionPlot(benchmark), efficiencyPlot(benchmark)]) {
      expect(plot).not.toMatch(/NaN|undefined|Infinity/);
      expect(plot).toContain('prefers-color-scheme:dark');
    }
    expect(detectionPlot(benchmark)).toContain('CUSUM, tuned');
  });
});

describe('an outcome', () => {
  /** Says fail from the third look on, unless it is stricter than five. */
  const third: Peer = {
    name: 'third', about: '', strictness: { what: '', standard: 1, from: 1, to: 100 },
    open: (_, __, strictness) => {
      let looks = 0;
      return { observe: () => ({ decision: ++looks < 3 || strictness > 5 ? 'hold' : 'fail', excluded: looks > 1 ? 1.9 : 3 }) };
    },
  };
  const soak = simulate(named('no-history')[0] as Scenario, 'outcome');
  const first = (looks: number): SimulatedSoak => ({ ...soak, looks: soak.looks.slice(0, looks) });

  it('counts minutes from the deploy, and failed requests until the stop', () => {
    const { failed, held, safe, passed, bad } = outcomeOf(third, soak, 1);
    expect({ failed, held, safe, passed }).toEqual({ failed: 1.5, held: 0.5, safe: 1, passed: null });
    expect(bad).toBe((soak.bad[0] ?? 0) + (soak.bad[1] ?? 0) + (soak.bad[2] ?? 0));
  });

  it('finds how strict a judge must be to let a soak through', () => {
    expect(criticalStrictness(third, soak)).toBeCloseTo(5, 0);
    expect(criticalStrictness(third, soak)).toBeGreaterThan(5);
    expect(criticalStrictness(third, first(2))).toBe(1);
  });
});

describe('tuning', () => {
  it('is the smallest strictness at which as few soaks fail as is allowed', () => {
    const criticals = Array.from({ length: 100 }, (_, index) => index + 1);
    expect(tune(criticals, 0.05, 1000)).toMatchObject({ strictness: 95, rings: { count: 5 } });
    expect(tune(criticals, 0, 1000)).toMatchObject({ strictness: 100, rings: { count: 0 } });
  });

  it('says so where nothing is strict enough', () => {
    expect(tune([Infinity, Infinity, 3, 3], 0.25, 50)).toMatchObject({ strictness: 50, rings: { count: 2 } });
  });
});

describe('a figure of the report', () => {
  // What Wilson's interval is: the shares that lie just 1.96 of their own deviations from what was counted.
  it.each([[2, 200], [199, 200], [37, 50]])('has the interval of Wilson: %i of %i', (count, of) => {
    const { share, low, high } = shareOf(count, of);
    const distance = (bound: number): number => Math.abs(share - bound) / Math.sqrt((bound * (1 - bound)) / of);
    expect(distance(low)).toBeCloseTo(1.96, 3);
    expect(distance(high)).toBeCloseTo(1.96, 3);
  });

  it('is not certain that what was never seen never happens', () => {
    expect(shareOf(0, 200)).toMatchObject({ low: 0, share: 0 });
    expect(shareOf(0, 200).high).toBeGreaterThan(0.01);
  });

  it('counts what was never found as later than everything', () => {
    expect(quantileOf([1, null, 3], 0.5)).toBe(3);
    expect(quantileOf([1, null, null], 0.5)).toBeNull();
    expect(quantileOf([4, 1, 3, 2], 0.9)).toBe(4);
  });
});
