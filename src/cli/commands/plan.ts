import { Command } from 'commander';
import type { CliCommand } from '../context.js';
import { examples } from '../examples.js';
import { exitCodes } from '../exit-codes.js';
import { renderPlan } from '../plan-table.js';
import { addReleaseOptions, releaseOf, type ReleaseOptions } from '../release-options.js';

export const planCommand: CliCommand = (act) =>
  addReleaseOptions(new Command('plan'))
    .description('what shipping a release would do: phases, waves and why, gates, soaks, time. Changes nothing')
    .argument('<pipeline>')
    .argument('<version>', 'a known release, or a new one with --artifact or --image')
    .option('--to <environment>', 'the last environment to ship to; the whole lifecycle without it')
    .addHelpText('after', examples('meridian plan shop 1.1.0', 'meridian plan shop 1.1.0 --to staging'))
    .action(act(async (context, pipeline: string, version: string, options: ReleaseOptions & { to?: string }) => {
      const plan = await context.api.plan({ pipeline, release: await releaseOf(version, options), to: options.to });
      context.result(plan, () => renderPlan(plan, context));
      return exitCodes.done;
    }));
