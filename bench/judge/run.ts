import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { doAll } from './crew.js';
import { scenarios } from './scenarios.js';
import type { Scenario } from './simulator/scenario.js';
import { onsetOf, summarise } from './summary.js';
import { limitName, type Entrant, type Half, type Job, type Row } from './work.js';

const { values: options } = parseArgs({
  options: {
    soaks: { type: 'string', default: '100' },
    scenario: { type: 'string' },
    half: { type: 'string', default: 'test' },
    seed: { type: 'string', default: 'meridian' },
    processes: { type: 'string', default: String(availableParallelism()) },
    why: { type: 'boolean', default: false },
  },
});

const wanted = options.scenario?.split(',');
const chosen = scenarios.filter(({ name }) => wanted === undefined || wanted.some((part) => name === part || (part.endsWith('*') && name.startsWith(part.slice(0, -1)))));
const judges: Entrant[] = [{ peer: 'Meridian', label: 'Meridian', strictness: 200 }];

const jobs = chosen.flatMap((scenario) => jobsOf(scenario, Number(options.soaks)));
const began = performance.now();
const rows = await doAll(jobs, Number(options.processes), (done) => process.stderr.isTTY && process.stderr.write(`\r${done} of ${jobs.length} jobs`));
console.error(`${rows.length} soaks in ${((performance.now() - began) / 1000).toFixed(1)} s`);
for (const scenario of chosen) print(scenario, rows.filter((row) => row.scenario === scenario.name));

function jobsOf(scenario: Scenario, soaks: number, size = 10): Job[] {
  return Array.from({ length: Math.ceil(soaks / size) }, (_, chunk) => ({
    scenario: scenario.name, half: options.half as Half, seed: options.seed, judges, tune: [],
    from: chunk * size, to: Math.min(soaks, (chunk + 1) * size),
  }));
}

function print(scenario: Scenario, mine: Row[]): void {
  const of = (label: string): ReturnType<typeof summarise> | undefined => {
    const outcomes = mine.flatMap(({ outcomes: all }) => all[label] ?? []);
    return outcomes.length === 0 ? undefined : summarise(outcomes, onsetOf(scenario));
  };
  const summary = of('Meridian');
  if (summary === undefined) return;
  const percent = ({ share }: { share: number }): string => `${(100 * share).toFixed(1).padStart(5)} %`;
  const minute = (value: number | null): string => (value === null ? '    –' : value.toFixed(1).padStart(5));
  const limit = of(limitName);
  console.log([
    scenario.name.padEnd(20), scenario.truth.padEnd(8), `fail ${percent(summary.failed)}`, `hold ${percent(summary.held)}`, `open ${percent(summary.open)}`,
    `median ${minute(summary.medianMinutes)}`, `p90 ${minute(summary.p90Minutes)}`, `≤×2 ${percent(summary.safe)} p95 ${minute(summary.safeP95Minutes)}`,
    `proven ${percent(summary.proven)} median ${minute(summary.provenMedianMinutes)}`, limit === undefined ? '' : `LIMIT ${minute(limit.medianMinutes)}`,
  ].join('  '));
  if (!options.why) return;
  for (const { index, outcomes } of mine) for (const line of outcomes['Meridian']?.why ?? []) console.log(`    ${index}: ${line}`);
}
