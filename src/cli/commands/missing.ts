import { Command } from 'commander';
import type { PlaceFilter } from '../api-client.js';
import type { CliCommand } from '../context.js';
import { examples } from '../examples.js';
import { exitCodes } from '../exit-codes.js';
import { renderMissing } from '../missing-table.js';

export const missingCommand: CliCommand = (act) =>
  new Command('missing')
    .description('the values that regions and tenants lack, also those that the document does not have yet')
    .argument('<pipeline>')
    .option('--environment <name>', 'only in this environment')
    .option('--region <name>', 'only what this region lacks, or would lack')
    .option('--tenant <name>', 'only what this tenant lacks, or would lack')
    .addHelpText('after', examples('meridian missing shop', 'meridian missing shop --region dublin'))
    .action(act(async (context, pipeline: string, filter: PlaceFilter) => {
      const missing = await context.api.missing(pipeline, filter);
      context.result(missing, () => renderMissing(missing, context));
      return exitCodes.done;
    }));
