import { meridianLabel, tunedLabel, type Benchmark } from '../benchmark.js';
import type { Scenario } from '../simulator/scenario.js';
import type { Summary } from '../summary.js';
import { limitName } from '../work.js';
import { barOf } from './bar.js';
import { efficiencyOf } from './efficiency.js';
import { minutes, percent, percentWithInterval, perHundred, table } from './format.js';
import { bad, good, incidents } from './settings.js';

export const barTable = (benchmark: Benchmark): string =>
  table(['claim', 'figure (95 % interval)', ''], barOf(benchmark).map(({ claim, figure, isMet }) => [claim, figure, isMet ? 'met' : '**missed**']), 3);

/** Who is compared, how strict by default, how strict to ring as rarely as was asked for. */
export const peersTable = (benchmark: Benchmark): string =>
  table(
    ['peer', 'what it is', 'tuned by', 'default', 'tuned', 'false rollbacks in training, tuned'],
    benchmark.peers.map(({ peer: { name, about, strictness }, tuned }) =>
      [name, about, strictness.what, digits(strictness.standard), digits(tuned.strictness), percentWithInterval(tuned.rings)]),
    3,
  );

const digits = (value: number): string => String(Number(value.toPrecision(3)));

/** Meridian where the release is good, or not to blame. */
export const goodTable = (benchmark: Benchmark): string =>
  table(
    ['scenario', '', 'noise', 'false rollbacks', 'false holds', '≤ ×2 shown', 'median', 'p95', 'within margin shown', 'median', 'passed', 'inconclusive'],
    [...good(benchmark), ...incidents(benchmark)].map((scenario) => goodRow(scenario, benchmark.summary(meridianLabel, [scenario]))),
    3,
  );

const goodRow = ({ name, about, family, mayHold }: Scenario, summary: Summary): string[] => [
  name, about, family === 'assumed' ? 'assumed' : 'other', percentWithInterval(summary.failed), mayHold === true ? `right to: ${percent(summary.held.share)}` : percentWithInterval(summary.held),
  percent(summary.safe.share), minutes(summary.safeMedianMinutes), minutes(summary.safeP95Minutes), percent(summary.proven.share),
  minutes(summary.provenMedianMinutes), percent(summary.passed.share), percent(summary.open.share),
];

/** Meridian where the release is bad. */
export const badTable = (benchmark: Benchmark): string =>
  table(
    ['scenario', '', 'rolled back', 'median', 'p90', 'held', 'passed', 'inconclusive', 'failed requests until the stop', 'LIMIT', 'ratio after the grace'],
    bad(benchmark).map((scenario) => {
      const summary = benchmark.summary(meridianLabel, [scenario]);
      const { limit, ratio } = efficiencyOf(benchmark, scenario);
      return [
        scenario.name, scenario.about, percentWithInterval(summary.failed), minutes(summary.medianMinutes), minutes(summary.p90Minutes), percent(summary.held.share),
        percent(summary.passed.share), percent(summary.open.share), summary.bad.toFixed(0), minutes(limit), ratio === null ? '–' : ratio.toFixed(1),
      ];
    }),
    2,
  );

/** The judges of a comparison: Meridian, then every peer at its default or tuned. */
export const labelsOf = (benchmark: Benchmark, isTuned: boolean): string[] =>
  [meridianLabel, ...benchmark.peers.map(({ peer }) => (isTuned ? tunedLabel(peer.name) : peer.name))];

const columns = (benchmark: Benchmark): string[] => [meridianLabel, ...benchmark.peers.map(({ peer }) => peer.name)];

/** False rollbacks of 100 good soaks, scenario by judge. */
export function falseAlarmTable(benchmark: Benchmark, isTuned: boolean): string {
  const row = (name: string, some: Scenario[]): string[] => [name, ...labelsOf(benchmark, isTuned).map((label) => perHundred(benchmark.summary(label, some).failed))];
  const all = good(benchmark);
  const pooled = labelsOf(benchmark, isTuned).map((label) => `**${percentWithInterval(benchmark.summary(label, all).failed).replace(' %', '')}**`);
  return table(
    ['scenario', ...columns(benchmark)],
    [...all.map((scenario) => row(scenario.name, [scenario])), ['**all good ones** (interval)', ...pooled], ...incidents(benchmark).map((scenario) => row(scenario.name, [scenario]))],
  );
}

/** Share detected and median minutes, scenario by judge. */
export const detectionTable = (benchmark: Benchmark, isTuned: boolean): string =>
  table(
    ['scenario', ...columns(benchmark), limitName],
    bad(benchmark).map((scenario) => [scenario.name, ...[...labelsOf(benchmark, isTuned), limitName].map((label) => {
      const { failed, medianMinutes } = benchmark.summary(label, [scenario]);
      return `${(100 * failed.share).toFixed(0)} % / ${minutes(medianMinutes)}`;
    })]),
  );

/** Failed requests of the region until the soak ended, in the mean. */
export const damageTable = (benchmark: Benchmark, isTuned: boolean): string =>
  table(
    ['scenario', ...columns(benchmark), limitName],
    bad(benchmark).filter(({ effect }) => effect?.factors.errors !== undefined).map((scenario) =>
      [scenario.name, ...[...labelsOf(benchmark, isTuned), limitName].map((label) => benchmark.summary(label, [scenario]).bad.toFixed(0))]),
  );
