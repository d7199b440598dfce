import { meridianLabel, type Benchmark } from '../benchmark.js';
import type { Outcome } from '../outcome.js';
import type { Scenario } from '../simulator/scenario.js';
import { shareOf } from '../statistics.js';
import { efficiencyOf } from './efficiency.js';
import { minutes, percentWithInterval } from './format.js';
import { bad, good, incidents, isBarSetting, named } from './settings.js';

/** One line of the bar. */
export interface Claim {
  claim: string;
  figure: string;
  isMet: boolean;
}

/** The bar of the benchmark, and where Meridian stands. A share is met by its point estimate; its interval stands beside it. */
export function barOf(benchmark: Benchmark): Claim[] {
  const inSetting = good(benchmark).filter(isBarSetting);
  const asAssumed = inSetting.filter(({ family }) => family === 'assumed');
  const groups: [string, Scenario[]][] = [
    ['noise as assumed', asAssumed], ['noise of other kinds', inSetting.filter(({ family }) => family === 'different')], ['every good scenario', good(benchmark)],
  ];
  return [
    ...groups.map(([what, some]) => atMost(benchmark, `false rollback ≤ 0.5 %: ${what}`, some, ({ failed }) => failed !== null, 0.005)),
    ...groups.map(([what, some]) => atMost(benchmark, `false hold ≤ 3 %: ${what}`, some.filter(({ mayHold }) => mayHold !== true), ({ held }) => held !== null, 0.03)),
    atMost(benchmark, 'global incident → rollback ≤ 1 %', incidents(benchmark), ({ failed }) => failed !== null, 0.01),
    found(benchmark, '×10 rolled back, median ≤ 2 min', 'errors-10', 0.5, 2),
    found(benchmark, '×5 rolled back, median ≤ 4 min', 'errors-5', 0.5, 4),
    found(benchmark, '×3 in ≥ 99 %, median ≤ 5 min', 'errors-3', 0.99, 5),
    found(benchmark, '×2 in ≥ 90 %, median ≤ 10 min', 'errors-2', 0.9, 10),
    found(benchmark, 'latency ×1.2 in ≥ 95 %, median ≤ 6 min: value', 'latency-1.2', 0.95, 6),
    found(benchmark, 'latency ×1.2 in ≥ 95 %, median ≤ 6 min: histogram', 'durations-1.2', 0.95, 6),
    found(benchmark, 'latency ×1.1 in ≥ 60 %: value', 'latency-1.1', 0.6),
    found(benchmark, 'latency ×1.1 in ≥ 60 %: histogram', 'durations-1.1', 0.6),
    ...groups.slice(0, 2).map(([what, some]) =>
      atLeast(benchmark, `“no regression ≥ ×2” shown within 6 min in ≥ 95 %: ${what}`, some, ({ safe }) => safe !== null && safe <= 6, 0.95)),
    withinLimit(benchmark),
  ];
}

type Is = (outcome: Outcome) => boolean;

function atMost(benchmark: Benchmark, claim: string, some: Scenario[], is: Is, most: number): Claim {
  const outcomes = benchmark.outcomes(meridianLabel, some);
  const share = shareOf(outcomes.filter(is).length, outcomes.length);
  return { claim, figure: `${percentWithInterval(share)} of ${share.of}`, isMet: share.share <= most };
}

function atLeast(benchmark: Benchmark, claim: string, some: Scenario[], is: Is, least: number): Claim {
  const outcomes = benchmark.outcomes(meridianLabel, some);
  const share = shareOf(outcomes.filter(is).length, outcomes.length);
  return { claim, figure: `${percentWithInterval(share)} of ${share.of}`, isMet: share.share >= least };
}

function found(benchmark: Benchmark, claim: string, name: string, least: number, within = Infinity): Claim {
  const { failed, medianMinutes, p90Minutes } = benchmark.summary(meridianLabel, named(benchmark, name));
  return {
    claim, figure: `${percentWithInterval(failed)}, median ${minutes(medianMinutes)} min, p90 ${minutes(p90Minutes)}`,
    isMet: failed.share >= least && (within === Infinity || (medianMinutes !== null && medianMinutes <= within)),
  };
}

function withinLimit(benchmark: Benchmark): Claim {
  const all = bad(benchmark).filter(isBarSetting).map((scenario) => efficiencyOf(benchmark, scenario));
  const met = all.filter(({ ratio }) => ratio !== null && ratio <= 3);
  const worst = all.toSorted((a, b) => (b.ratio ?? Infinity) - (a.ratio ?? Infinity))[0];
  const worstSaid = worst === undefined ? '' : `; worst: ${worst.scenario.name} ${worst.ratio === null ? '(found in less than half)' : `×${worst.ratio.toFixed(1)}`}`;
  return { claim: 'median within 3 × of LIMIT after the grace', figure: `in ${met.length} of ${all.length} bad scenarios${worstSaid}`, isMet: met.length === all.length };
}
