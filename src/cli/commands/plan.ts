import { Command } from 'commander';
import type { CliCommand } from '../context.js';
import { examples } from '../examples.js';
import { exitCodes } from '../exit-codes.js';
import { renderPlan } from '../plan-table.js';

export const planCommand: CliCommand = (act) =>
  new Command('plan')
    .description('what shipping a release would do: phases, waves and why, gates, soaks, time. Changes nothing')
    .argument('<pipeline>')
    .argument('<version>', 'a known release, or one that is still to come')
    .option('--to <environment>', 'the last environment to ship to; the whole lifecycle without it')
    .addHelpText('after', examples('meridian plan shop 1.1.0', 'meridian plan shop 1.1.0 --to staging'))
    .action(act(async (context, pipeline: string, version: string, options: { to?: string }) => {
      const plan = await context.api.plan({ pipeline, release: { version }, to: options.to });
      context.result(plan, () => renderPlan(plan, context));
      return exitCodes.done;
    }));
