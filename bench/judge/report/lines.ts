import { meridianLabel, tunedLabel, type Benchmark } from '../benchmark.js';
import type { Scenario } from '../simulator/scenario.js';
import type { Share } from '../statistics.js';
import type { Summary } from '../summary.js';
import { limitName } from '../work.js';

/** What the screen shows: a line for each scenario, and one for each peer below it. */
export function* lines(benchmark: Benchmark, isWhy: boolean): Generator<string> {
  for (const scenario of benchmark.scenarios) {
    yield line(scenario.name, benchmark.summary(meridianLabel, [scenario]), limitOf(benchmark, scenario));
    for (const { peer } of benchmark.peers) {
      yield line(`  ${peer.name}`, benchmark.summary(peer.name, [scenario]));
      yield line(`  ${tunedLabel(peer.name)}`, benchmark.summary(tunedLabel(peer.name), [scenario]));
    }
    if (isWhy) yield* benchmark.outcomes(meridianLabel, [scenario]).flatMap(({ why }, index) => why.map((one) => `    ${index}: ${one}`));
  }
  const quiet = benchmark.scenarios.filter(({ truth }) => truth === 'good');
  if (quiet.length > 1) yield line('all good ones', benchmark.summary(meridianLabel, quiet));
}

function limitOf(benchmark: Benchmark, scenario: Scenario): string {
  return scenario.truth === 'bad' ? `LIMIT ${minute(benchmark.summary(limitName, [scenario]).medianMinutes)}` : '';
}

const line = (name: string, summary: Summary, rest = ''): string => [
  name.padEnd(28), `fail ${percent(summary.failed)}`, `hold ${percent(summary.held)}`, `open ${percent(summary.open)}`,
  `median ${minute(summary.medianMinutes)}`, `p90 ${minute(summary.p90Minutes)}`, `≤×2 ${percent(summary.safe)} p95 ${minute(summary.safeP95Minutes)}`,
  `proven ${percent(summary.proven)} median ${minute(summary.provenMedianMinutes)}`, rest,
].join('  ');

const percent = ({ share }: Share): string => `${(100 * share).toFixed(1).padStart(5)} %`;
const minute = (value: number | null): string => (value === null ? '    –' : value.toFixed(1).padStart(5));
