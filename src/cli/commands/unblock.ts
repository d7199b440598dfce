import { Command } from 'commander';
import type { CliCommand } from '../context.js';
import { examples } from '../examples.js';
import { exitCodes } from '../exit-codes.js';

export const unblockCommand: CliCommand = (act) =>
  new Command('unblock')
    .description('let a blocked release be shipped again')
    .argument('<block>', 'its name')
    .addHelpText('after', examples('meridian unblock wrong-totals'))
    .action(act(async (context, name: string) => {
      await context.api.unblock(name);
      context.result({ name }, () => `${name} is lifted.`);
      return exitCodes.done;
    }));
