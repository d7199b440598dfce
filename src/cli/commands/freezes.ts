import { Command } from 'commander';
import type { CliCommand } from '../context.js';
import { examples } from '../examples.js';
import { exitCodes } from '../exit-codes.js';
import { renderFreezes } from '../freeze-table.js';

export const freezesCommand: CliCommand = (act) =>
  new Command('freezes')
    .description('every freeze with its holders, begun or still to come')
    .addHelpText('after', examples('meridian freezes', 'meridian freezes --output json'))
    .action(act(async (context) => {
      const freezes = await context.api.freezes();
      context.result(freezes, () => renderFreezes(freezes, context));
      return exitCodes.done;
    }));
