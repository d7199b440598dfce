import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { runBenchmark } from './benchmark.js';
import { lines } from './report/lines.js';
import { writeReport } from './report/write-report.js';
import { kayentaAgreement } from './peers/kayenta-agreement.js';
import { peers } from './peers/index.js';
import { scenarios } from './scenarios.js';
import type { Half } from './work.js';

/** All of it in less than ten minutes on two cores: the judge itself takes most of that. */
const defaultSoaks = 24;
const quickSoaks = 4;

const usage = `npm run bench:judge                     everything, and docs/judge-benchmark.md
npm run bench:judge -- [options]        a part of it, on the screen

  --soaks N          soaks of each scenario (${defaultSoaks})
  --quick            ${quickSoaks} of each: about a minute
  --scenario A,B*    only these
  --half HALF        training (to try something) or test (the default)
  --seed TEXT        other soaks
  --peers A,B        compared with these; none or all (all for the report, else none)
  --processes N      as many as there are cores
  --out FOLDER       writes the report there, whatever was chosen
  --why              what Meridian said of each soak that it held or failed`;

const { values: options } = parseArgs({
  options: {
    soaks: { type: 'string' }, quick: { type: 'boolean', default: false }, scenario: { type: 'string' }, half: { type: 'string' },
    seed: { type: 'string', default: 'meridian' }, peers: { type: 'string' }, processes: { type: 'string', default: String(availableParallelism()) },
    out: { type: 'string' },
    why: { type: 'boolean', default: false }, help: { type: 'boolean', default: false },
  },
});

if (options.help) console.log(usage);
else await run();

async function run(): Promise<void> {
  const isWhole = !options.quick && options.scenario === undefined && options.half === undefined && options.peers === undefined && options.soaks === undefined;
  const began = performance.now();
  const benchmark = await runBenchmark({
    seed: options.seed, soaks: Number(options.soaks ?? (options.quick ? quickSoaks : defaultSoaks)), processes: Number(options.processes), half: halfOf(options.half ?? 'test'),
    scenarios: scenarios.filter(({ name }) => isNamed(name, options.scenario ?? '*')),
    peers: peers.filter(({ name }) => isNamed(name, options.peers ?? (isWhole || options.quick ? '*' : 'none'))),
    onProgress: progress,
  });
  for (const line of lines(benchmark, options.why)) console.log(line);
  console.error(`${Math.round((performance.now() - began) / 1000)} s`);
  const agreement = kayentaAgreement();
  console.log(agreement);
  if (isWhole || options.out !== undefined) for (const file of writeReport(benchmark, agreement, options.out)) console.error(`written: ${file}`);
}

function halfOf(half: string): Half {
  if (half === 'training' || half === 'test') return half;
  throw new RangeError(`--half is training or test, not ${half}`);
}

/** `list`: names with a comma between them; one that ends in a star stands for all that begin so. */
function isNamed(name: string, list: string): boolean {
  if (list === 'all') return true;
  return list.split(',').some((one) => (one.endsWith('*') ? name.startsWith(one.slice(0, -1)) : name === one));
}

function progress(phase: string, done: number, of: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${phase}: ${done} of ${of} jobs${done === of ? '\n' : ''}`);
}
