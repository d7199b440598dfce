// What a migration costs those who use its table meanwhile: `npm run bench:migrations`. By hand; nothing here is a test.
import { parseArgs } from 'node:util';
import { startPostgres } from '../../test/support/postgres.js';
import { contractDown, liveThrough, type LifeSettings, type Stretch } from './life.js';

const usage = `npm run bench:migrations -- [--rows 1000000] [--rate 200] [--batch 1000] [--lock 2000] [--hold 10000] [--rest 10000]

  --rows   of the table
  --rate   queries a second, of an old and a new release together
  --batch  rows of a batch of the backfill
  --lock   lockTimeout (ms)
  --hold   how long a transaction holds the table in each phase (ms)
  --rest   how long each stretch without a phase takes (ms)`;

const defaults = { rows: '1000000', rate: '200', batch: '1000', lock: '2000', hold: '10000', rest: '10000' };

function settingsOf(args: string[]): Omit<LifeSettings, 'url'> {
  const { values } = parseArgs({ args, options: Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, { type: 'string' as const, default: value }])) });
  const read = (name: keyof typeof defaults): number => {
    const count = Number(values[name]);
    if (Number.isInteger(count) && count >= 1) return count;
    throw new Error(`--${name} is ${values[name]}: give a whole number`);
  };
  return { rows: read('rows'), rate: read('rate'), batch: read('batch'), lockTimeoutMs: read('lock'), holdMs: read('hold'), restMs: read('rest') };
}

const line = (...cells: (string | number)[]): void => void process.stdout.write(`| ${cells.join(' | ')} |\n`);
const whole = (number: number): string => Math.round(number).toLocaleString('en-US');

const quantile = (values: number[], part: number): number => values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(values.length * part) - 1)] ?? 0;
const perSecond = ({ tally, seconds }: Stretch): number => tally.queries / seconds;

function report(stretches: Stretch[], outOfStep: number[], { lockTimeoutMs, rate }: Omit<LifeSettings, 'url'>): void {
  line('stretch', 'seconds', 'queries', 'queries/s', 'median (ms)', '99 % (ms)', 'longest (ms)', 'failed', 'lost');
  line('---', '--:', '--:', '--:', '--:', '--:', '--:', '--:', '--:');
  for (const stretch of stretches) {
    const { what, seconds, tally: { queries, failures, lost, tookMs } } = stretch;
    const at = (part: number): string => quantile(tookMs, part).toFixed(1);
    line(what, seconds.toFixed(1), whole(queries), whole(perSecond(stretch)), at(0.5), at(0.99), at(1), failures.length, lost.length);
  }
  const all = stretches.flatMap(({ tally }) => tally.tookMs);
  // What contract.down does is its author's: here one UPDATE of every row, which holds them all until it is done.
  const [down, others] = [stretches.filter(({ what }) => what === contractDown), stretches.filter(({ what }) => what !== contractDown)];
  const longest = (some: Stretch[]): string => `${whole(quantile(some.flatMap(({ tally }) => tally.tookMs), 1))} ms`;
  const failures = stretches.flatMap(({ tally }) => tally.failures);
  const [before, during] = stretches;
  process.stdout.write('\n');
  line('claim', 'figure');
  line('---', '---');
  line(`the longest blocked query takes at most the lock time-out + 100 ms (${whole(lockTimeoutMs + 100)} ms)`, longest(others));
  line('the same while contract.down fills a column in one UPDATE', longest(down));
  line('no query fails', `${failures.length} of ${whole(all.length)}${failures.length > 0 ? `: ${failures[0]}` : ''}`);
  line('both releases read their own writes', `${stretches.flatMap(({ tally }) => tally.lost).length} lost`);
  line('old and new shape agree in every row', `${outOfStep.join(' and ')} rows differ`);
  // Before, the old release asks alone; the new one joins during the backfill.
  line(`throughput: asked ${rate / 2}/s before, up to ${rate}/s during`, `${whole(perSecond(before!))}/s before, ${whole(perSecond(during!))}/s during`);
  line('median latency during expand and backfill, as a ratio to before', (quantile(during!.tally.tookMs, 0.5) / quantile(before!.tally.tookMs, 0.5)).toFixed(2));
}

async function bench(settings: Omit<LifeSettings, 'url'>): Promise<void> {
  // As a server should run, not as tests run it.
  const server = await startPostgres({ settings: { fsync: 'on', shared_buffers: '256MB' } });
  try {
    process.stdout.write(`${whole(settings.rows)} rows, ${settings.rate} queries/s, batches of ${whole(settings.batch)}, lockTimeout ${whole(settings.lockTimeoutMs)} ms, `
      + `a transaction that holds the table for ${whole(settings.holdMs)} ms in each phase.\n\n`);
    const { stretches, outOfStep } = await liveThrough({ ...settings, url: await server.createDatabase('bench') });
    report(stretches, outOfStep, settings);
  } finally {
    await server.stop();
  }
}

let settings: Omit<LifeSettings, 'url'> | undefined;
try {
  settings = settingsOf(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n\n${usage}\n`);
  process.exitCode = 64;
}
if (settings !== undefined) await bench(settings);
