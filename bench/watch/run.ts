// What it costs to watch soaks: `npm run bench:watch`. By hand; nothing here is a test, and nobody asserts a time.
import os from 'node:os';
import { parseArgs } from 'node:util';
import { engineCosts } from './engine-cost.js';
import { liveCost } from './live-cost.js';
import { checks } from './soaks.js';

const usage = `npm run bench:watch -- [--soaks 2000] [--controls 3] [--interval 30] [--seconds 90] [--looks 500] [--engine]

  --soaks      regions that soak at the same time
  --controls   regions that each is compared with
  --interval   time between two looks (s)
  --seconds    how long is measured, after all have begun
  --looks      looks for the cost of the engine alone
  --engine     only that`;

const defaults = { soaks: '2000', controls: '3', interval: '30', seconds: '90', looks: '500' };

type Settings = Record<keyof typeof defaults, number> & { engine: boolean };

function settingsOf(argv: string[]): Settings {
  const number = (name: keyof typeof defaults) => ({ type: 'string' as const, default: defaults[name] });
  const { values } = parseArgs({
    args: argv,
    options: {
      soaks: number('soaks'), controls: number('controls'), interval: number('interval'), seconds: number('seconds'), looks: number('looks'),
      engine: { type: 'boolean', default: false },
    },
  });
  const read = (name: keyof typeof defaults): number => {
    const count = Number(values[name]);
    if (Number.isInteger(count) && count >= (name === 'controls' ? 0 : 1)) return count;
    throw new Error(`--${name} is ${values[name]}: give a whole number`);
  };
  return { soaks: read('soaks'), controls: read('controls'), interval: read('interval'), seconds: read('seconds'), looks: read('looks'), engine: values.engine };
}

const line = (...cells: (string | number)[]): void => void process.stdout.write(`| ${cells.join(' | ')} |\n`);
const whole = (number: number): string => Math.round(number).toLocaleString('en-US');

function reportEngine(looks: number): void {
  process.stdout.write(`The engine alone: ${looks} looks; restored from JSON, one look, saved to JSON. Processor time for one check.\n\n`);
  line('checks', 'controls', 'median (µs)', '95 % (µs)', '99 % (µs)', 'state (KB)');
  line('---', '--:', '--:', '--:', '--:', '--:');
  for (const { checks: kinds, controls, perCheck, stateBytes } of engineCosts(looks)) {
    line(kinds, controls, whole(perCheck.median), whole(perCheck.p95), whole(perCheck.p99), (stateBytes / 1_024).toFixed(1));
  }
}

async function reportLive({ soaks, controls, interval, seconds }: Settings): Promise<void> {
  process.stdout.write(`\nLive: ${soaks} soaks with ${checks.length} checks and ${controls} controls every ${interval} s, for ${seconds} s, on ${os.cpus().length} cores.\n\n`);
  const cost = await liveCost({ soaks, controls, intervalSeconds: interval, seconds });
  line('looks due', 'looks', 'worker (cores)', 'Temporal server (cores)', 'worker (ms a look)', 'worker (MB)', 'events a soak');
  line('--:', '--:', '--:', '--:', '--:', '--:', '--:');
  line(whole(cost.looksDue), whole(cost.looks), cost.workerCores.toFixed(2), cost.serverCores.toFixed(2), cost.workerMs.toFixed(1), whole(cost.workerMb), cost.events);
}

async function report(settings: Settings): Promise<void> {
  reportEngine(settings.looks);
  if (!settings.engine) await reportLive(settings);
}

let settings: Settings | undefined;
try {
  settings = settingsOf(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n\n${usage}\n`);
  process.exitCode = 64;
}
if (settings !== undefined) await report(settings);
