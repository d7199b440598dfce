import { doAll } from './crew.js';
import { summarise, type Summary } from './summary.js';
import type { Outcome } from './outcome.js';
import type { Scenario } from './simulator/scenario.js';
import { shareOf, type Share } from './statistics.js';
import { leastTarget, tune, type Tuned } from './tuning.js';
import { meridian } from './meridian.js';
import type { Peer } from './peer.js';
import type { Entrant, Half, Job, Row } from './work.js';

export interface BenchmarkOptions {
  seed: string;
  /** Soaks of each scenario in the test half (some get more: `times`); half as many of each good one in the training half. */
  soaks: number;
  processes: number;
  scenarios: readonly Scenario[];
  /** Compared with Meridian, tuned on the training half; none to look at Meridian alone. */
  peers: readonly Peer[];
  /** Which half is judged: `training` to try something, and only then `test`. */
  half?: Half;
  onProgress?: ((phase: string, done: number, of: number) => void) | undefined;
}

/** Everything that was measured; the same for the same seed, soaks, scenarios and peers. */
export interface Benchmark {
  seed: string;
  soaks: { training: number; test: number };
  scenarios: readonly Scenario[];
  peers: { peer: Peer; tuned: Tuned }[];
  /** Meridian's false rollbacks on the training half. */
  training: Share;
  /** The share of false rollbacks that the peers were tuned to. */
  target: number;
  /** What became of the soaks of some scenarios under one judge; minutes to the rollback count from when the release gets bad. */
  outcomes(label: string, scenarios: readonly Scenario[]): Outcome[];
  summary(label: string, scenarios: readonly Scenario[]): Summary;
}

export const meridianLabel = meridian.name;
export const tunedLabel = (name: string): string => `${name}, tuned`;

export async function runBenchmark(options: BenchmarkOptions): Promise<Benchmark> {
  const { seed, soaks, scenarios, peers } = options;
  const training = Math.max(1, Math.ceil(soaks / 2));
  const quiet = scenarios.filter(({ truth }) => truth === 'good');
  const trained = peers.length === 0 ? [] : await phase('training', options, jobsOf(quiet, 'training', training, seed, [standardOf(meridian)], peers.map(({ name }) => name)));
  const rang = shareOf(trained.filter(({ outcomes }) => outcomes[meridianLabel]?.failed !== null).length, trained.length);
  const target = Math.max(leastTarget, trained.length === 0 ? 0 : rang.share);
  const tuned = peers.map((peer) => ({ peer, tuned: tune(trained.map(({ critical }) => critical[peer.name] ?? Infinity), target, peer.strictness.to) }));
  const judges = [
    standardOf(meridian), ...peers.map(standardOf),
    ...tuned.map(({ peer, tuned: { strictness } }): Entrant => ({ peer: peer.name, label: tunedLabel(peer.name), strictness })),
  ];
  const rows = await phase('test', options, jobsOf(scenarios, options.half ?? 'test', soaks, seed, judges, []));
  const outcomes = collect(rows, scenarios);
  return {
    seed, scenarios, peers: tuned, target, training: rang, soaks: { training, test: soaks }, outcomes,
    summary: (label, some) => summarise(outcomes(label, some)),
  };
}

function collect(rows: readonly Row[], scenarios: readonly Scenario[]): Benchmark['outcomes'] {
  const rowsOf = new Map(scenarios.map(({ name }) => [name, rows.filter(({ scenario }) => scenario === name)]));
  return (label, some) => some.flatMap((scenario) =>
    (rowsOf.get(scenario.name) ?? []).flatMap(({ outcomes }) => sinceOnset(outcomes[label], scenario.effect?.onset ?? 0) ?? []));
}

/** Counted from when the release gets bad: a rollback before that has not found it. */
const sinceOnset = (outcome: Outcome | undefined, onset: number): Outcome | undefined =>
  outcome === undefined || onset === 0 || outcome.failed === null ? outcome : { ...outcome, failed: outcome.failed > onset ? outcome.failed - onset : null };

const standardOf = ({ name, strictness }: Peer): Entrant => ({ peer: name, label: name, strictness: strictness.standard });

const phase = (name: string, { processes, onProgress }: BenchmarkOptions, jobs: Job[]): Promise<Row[]> =>
  doAll(jobs, processes, (done) => onProgress?.(name, done, jobs.length));

/** Small jobs, so that no core waits long for another at the end. */
export const jobsOf = (scenarios: readonly Scenario[], half: Half, soaks: number, seed: string, judges: Entrant[], tuned: string[], size = 8): Job[] =>
  scenarios.flatMap(({ name, times = 1 }) => Array.from({ length: Math.ceil((soaks * times) / size) }, (_, chunk) => ({
    scenario: name, half, seed, judges, tune: tuned, from: chunk * size, to: Math.min(soaks * times, (chunk + 1) * size),
  })));
