import { Command } from 'commander';
import { renderBlocks } from '../block-table.js';
import type { CliCommand } from '../context.js';
import { examples } from '../examples.js';
import { exitCodes } from '../exit-codes.js';

export const blocksCommand: CliCommand = (act) =>
  new Command('blocks')
    .description('every release that nobody may ship, and why')
    .addHelpText('after', examples('meridian blocks'))
    .action(act(async (context) => {
      const blocks = await context.api.blocks();
      context.result(blocks, () => renderBlocks(blocks, context));
      return exitCodes.done;
    }));
