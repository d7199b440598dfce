import { Command } from 'commander';
import type { CliCommand } from '../context.js';
import { examples } from '../examples.js';
import { exitCodes } from '../exit-codes.js';
import { renderMigrations } from '../migration-table.js';

export const migrateStatusCommand: CliCommand = (act) =>
  new Command('status')
    .description('where each migration of a pipeline is expanded and contracted, and what is missing to its end')
    .argument('<pipeline>')
    .addHelpText('after', examples('meridian migrate status shop', 'meridian migrate status shop --output json'))
    .action(act(async (context, pipeline: string) => {
      const migrations = await context.api.migrations(pipeline);
      context.result(migrations, () => renderMigrations(migrations, context));
      return exitCodes.done;
    }));
