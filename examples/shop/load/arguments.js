import { parseArgs } from 'node:util';
import { profiles } from './deck.js';

export const usage = `node load.js --target NAME=URL=WEIGHT=PROFILE … [--rate 600] [--smoke-rate 80] [--writes 0] [--noise 0] [--seed shop]

  --target       a region: its name, its address, its share, and what its customers buy (production or smoke); once for each region
  --rate         orders a second to all production targets together, divided by their weights
  --smoke-rate   the same for all smoke targets
  --writes       share of the orders beside which a customer registers, or changes a name; for a shop with a database
  --noise        share of the orders that are broken, and of those that come over a slow line, on average: in waves that all targets have in
                 common, and in bursts
  --seed         the same seed deals the same carts

Ends when its standard input closes (so it never outlives who started it with a pipe) or on SIGTERM, and prints what came back as JSON.`;

/** { targets: [{ name, url, profile, rate }], writes, noise, seed }, `rate` in orders a second. Throws an Error that says what is wrong with them. */
export function parseArguments(argv) {
  const { values } = parseArgs({
    args: argv,
    options: {
      target: { type: 'string', multiple: true, default: [] },
      rate: { type: 'string', default: '600' },
      'smoke-rate': { type: 'string', default: '80' },
      writes: { type: 'string', default: '0' },
      noise: { type: 'string', default: '0' },
      seed: { type: 'string', default: 'shop' },
    },
  });
  if (values.target.length === 0) throw new Error('give at least one --target');
  const rates = { production: positive('--rate', values.rate), smoke: positive('--smoke-rate', values['smoke-rate']) };
  return {
    targets: shared(values.target.map(parseTarget), rates),
    writes: shareOf('--writes', values.writes),
    noise: shareOf('--noise', values.noise),
    seed: values.seed,
  };
}

function parseTarget(text) {
  const [name, url, weight, profile, ...rest] = text.split('=');
  if (!name || rest.length > 0 || !URL.canParse(url ?? '') || !profiles.includes(profile)) {
    throw new Error(`--target ${text} is not NAME=URL=WEIGHT=PROFILE with a profile of ${profiles.join(' or ')}`);
  }
  return { name, url, profile, weight: positive(`the weight of --target ${text}`, weight) };
}

/** Divides the rate of each profile among its targets, by weight. */
function shared(targets, rates) {
  return targets.map(({ name, url, profile, weight }) => {
    const all = targets.filter((other) => other.profile === profile).reduce((sum, other) => sum + other.weight, 0);
    return { name, url, profile, rate: (rates[profile] * weight) / all };
  });
}

function positive(what, text) {
  const number = Number(text);
  if (number > 0 && Number.isFinite(number)) return number;
  throw new Error(`${what} is ${text}: give a number above 0`);
}

function shareOf(what, text) {
  const number = Number(text);
  if (number >= 0 && number <= 0.5) return number;
  throw new Error(`${what} is ${text}: give a share from 0 to 0.5`);
}
