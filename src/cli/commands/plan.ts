import { Command } from 'commander';
import type { CliCommand } from '../context.js';
import { examples } from '../examples.js';
import { exitCodes } from '../exit-codes.js';
import { nameKnown } from '../name-known.js';
import { renderPlan } from '../plan-table.js';
import { addReleaseOptions, releaseOf, type ReleaseOptions } from '../release-options.js';
import { addShipOptions, shipOptionsOf, type ShipCommandOptions } from '../ship-options.js';

export const planCommand: CliCommand = (act) =>
  addShipOptions(addReleaseOptions(new Command('plan')))
    .description('what shipping a release would do: phases, waves and why, gates, approvals, soaks, times, the hash. Changes nothing')
    .argument('<pipeline>')
    .argument('<version>', 'a known release, or one that is still to come')
    .addHelpText('after', examples(
      'meridian plan shop 1.1.0',
      'meridian plan shop 1.1.0 --to staging --rehearse',
      'meridian plan shop 1.1.0 --tonight',
    ))
    .action(act(async (context, pipeline: string, version: string, options: ReleaseOptions & ShipCommandOptions) => {
      const release = await nameKnown(context.api, pipeline, await releaseOf(version, options));
      const plan = await context.api.plan({ pipeline, release, ...shipOptionsOf(options) });
      context.result(plan, () => renderPlan(plan, context));
      return exitCodes.done;
    }));
