import { Command } from 'commander';
import { renderBoard } from '../board-table.js';
import type { CliCommand } from '../context.js';
import { examples } from '../examples.js';
import { exitCodes } from '../exit-codes.js';

export const boardCommand: CliCommand = (act) =>
  new Command('board')
    .description('which release is in which region of which environment, now')
    .argument('[pipeline]', 'only this pipeline')
    .addHelpText('after', examples('meridian board', 'meridian board shop --output json'))
    .action(act(async (context, pipeline: string | undefined) => {
      const boards = await context.api.board(pipeline);
      context.result(boards, () => renderBoard(boards, { width: context.width, colours: context.colours, timezone: context.timezone, now: Date.now() }));
      return exitCodes.done;
    }));
