import { Command, Option } from 'commander';
import type { CliCommand } from '../context.js';
import { examples } from '../examples.js';
import { exitCodes } from '../exit-codes.js';
import { renderFreezes } from '../freeze-table.js';

export const unfreezeCommand: CliCommand = (act) =>
  new Command('unfreeze')
    .description('lift your hold on a freeze; it lasts while somebody else holds it')
    .argument('<freeze>', 'its name')
    .addOption(new Option('--owner <name>', 'lift the hold of this owner').conflicts('everyone'))
    .option('--everyone', 'lift every hold')
    .addHelpText('after', examples('meridian unfreeze black-friday', 'meridian unfreeze black-friday --owner payments'))
    .action(act(async (context, name: string, options: { owner?: string; everyone?: true }) => {
      const lifted = await context.api.unfreeze(name, options.everyone ? '*' : options.owner);
      context.result(lifted, () => (lifted.freeze === null ? `${name} is over.` : `${name} is still held:\n${renderFreezes([lifted.freeze], context)}`));
      return exitCodes.done;
    }));
