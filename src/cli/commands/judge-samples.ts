import { Command, InvalidArgumentError } from 'commander';
import type { Place } from '../../rollout/places.js';
import type { CliCommand } from '../context.js';
import { examples } from '../examples.js';
import { exitCodes } from '../exit-codes.js';

export const samplesCommand: CliCommand = (act) =>
  new Command('samples')
    .description('what a soak has seen: its samples and verdicts as JSON lines, for `judge replay`')
    .argument('<rollout>', 'for example shop-3')
    .argument('<place>', 'environment/region, with /tenant where tenants have releases of their own', placeArgument)
    .option('--attempt <number>', 'the soak of this attempt; the last one when absent', attemptOption)
    .addHelpText('after', examples(
      'meridian judge samples shop-3 production/sydney > sydney.jsonl', 'meridian judge samples shop-3 production/sydney --attempt 1',
    ))
    .action(act(async (context, rollout: string, place: Place, options: { attempt?: number }) => {
      context.stdout.write(await context.api.soakSamples(rollout, place, options.attempt));
      return exitCodes.done;
    }));

function placeArgument(text: string): Place {
  const [environment, region, tenant, ...rest] = text.split('/');
  if (!environment || !region || tenant === '' || rest.length > 0) throw new InvalidArgumentError('Write environment/region or environment/region/tenant.');
  return { environment, region, ...(tenant === undefined ? {} : { tenant }) };
}

function attemptOption(text: string): number {
  const attempt = Number(text);
  if (!Number.isInteger(attempt) || attempt < 1) throw new InvalidArgumentError('Attempts are counted from 1.');
  return attempt;
}
