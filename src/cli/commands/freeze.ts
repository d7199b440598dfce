import { Command, Option } from 'commander';
import type { FreezeRequest, FreezeScope } from '../../rollout/schema/freeze.js';
import { CommandRefused } from '../api-errors.js';
import { collect } from '../collect.js';
import type { CliCommand } from '../context.js';
import { examples } from '../examples.js';
import { exitCodes } from '../exit-codes.js';
import { renderFreezes } from '../freeze-table.js';
import { printable } from '../text-columns.js';
import { parseTimeOption } from '../time-option.js';

interface FreezeOptions {
  all?: true;
  pipeline?: string[];
  environment?: string[];
  region?: string[];
  tenant?: string[];
  from?: string;
  to?: string;
  owner?: string;
  reason: string;
}

export const freezeCommand: CliCommand = (act) =>
  new Command('freeze')
    .description('start nothing new in a scope; soaks stand still, undo goes on. A freeze lasts while anybody holds it')
    .argument('<freeze>', 'its name, for example black-friday')
    .option('--all', 'everything')
    .option('--pipeline <name>', 'only this pipeline; may be given more than once, as each of these four', collect)
    .option('--environment <name>', 'only this environment', collect)
    .option('--region <name>', 'only this region', collect)
    .option('--tenant <name>', 'only this tenant', collect)
    .addOption(new Option('--from <time>', 'when it begins, such as 2026-11-27T00:00:00Z; now without it').argParser(parseTimeOption))
    .addOption(new Option('--to <time>', 'when it ends; when somebody lifts it without it').argParser(parseTimeOption))
    .option('--owner <name>', 'who holds it; whoever sends it without it')
    .requiredOption('--reason <text>', 'why, for everybody who meets it')
    .addHelpText('after', examples(
      'meridian freeze stop-all --all --reason "the network is being repaired"',
      'meridian freeze black-friday --environment production --from 2026-11-27T00:00:00Z --to 2026-11-30T06:00:00Z --reason "peak of the year"',
    ))
    .action(act(async (context, name: string, options: FreezeOptions) => {
      const freeze = await context.api.freeze(name, requestOf(options));
      context.result(freeze, () => [...freeze.warnings.map((warning) => `${context.colours.yellow('! warning')}  ${printable(warning)}`), renderFreezes([freeze], context)].join('\n'));
      return exitCodes.done;
    }));

function requestOf({ from, to, owner, reason, ...scope }: FreezeOptions): FreezeRequest {
  return {
    scope: scopeOf(scope),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(owner !== undefined && { owner }),
    reason,
  };
}

function scopeOf({ all, pipeline, environment, region, tenant }: Pick<FreezeOptions, 'all' | 'pipeline' | 'environment' | 'region' | 'tenant'>): FreezeScope {
  const hasList = [pipeline, environment, region, tenant].some((list) => list !== undefined);
  if (all === true && hasList) throw new CommandRefused('--all freezes everything: give it alone, or name what is to be frozen without it.');
  if (all === true) return 'all';
  if (!hasList) throw new CommandRefused('Say what is to be frozen: --pipeline, --environment, --region or --tenant, or --all.');
  return {
    ...(pipeline && { pipelines: pipeline }),
    ...(environment && { environments: environment }),
    ...(region && { regions: region }),
    ...(tenant && { tenants: tenant }),
  };
}
