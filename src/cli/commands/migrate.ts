import { Command } from 'commander';
import type { CliCommand } from '../context.js';
import { examples } from '../examples.js';
import { migrateContractCommand } from './migrate-contract.js';
import { migrateLintCommand } from './migrate-lint.js';
import { migrateStatusCommand } from './migrate-status.js';

export const migrateCommand: CliCommand = (act) =>
  new Command('migrate')
    .description('migrations of databases: check them, look at them, and take old shapes away')
    .addCommand(migrateLintCommand(act))
    .addCommand(migrateStatusCommand(act))
    .addCommand(migrateContractCommand(act))
    .addHelpText('after', examples('meridian migrate lint dist/', 'meridian migrate status shop', 'meridian migrate contract shop --plan'));
