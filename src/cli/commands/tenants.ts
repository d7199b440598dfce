import { Command } from 'commander';
import type { CliCommand } from '../context.js';
import { examples } from '../examples.js';
import { exitCodes } from '../exit-codes.js';
import { renderTenants } from '../tenant-table.js';

export const tenantsCommand: CliCommand = (act) =>
  new Command('tenants')
    .description('how far the latest release has come, tenant by tenant')
    .argument('<pipeline>')
    .addHelpText('after', examples('meridian tenants shop'))
    .action(act(async (context, pipeline: string) => {
      const progress = await context.api.tenants(pipeline);
      context.result(progress, () => renderTenants(progress, context));
      return exitCodes.done;
    }));
