import { Command } from 'commander';
import type { PlaceFilter } from '../api-client.js';
import type { CliCommand } from '../context.js';
import { examples } from '../examples.js';
import { exitCodes } from '../exit-codes.js';

export const revokeCommand: CliCommand = (act) =>
  new Command('revoke')
    .description('take back that a release is verified: nobody can promote it from there, and no undo puts it back')
    .argument('<pipeline>')
    .argument('<version>')
    .option('--environment <name>', 'only in this environment')
    .option('--region <name>', 'only in this region')
    .option('--tenant <name>', 'only for this tenant')
    .requiredOption('--reason <text>', 'what was seen of it')
    .addHelpText('after', examples('meridian revoke shop 1.1.0 --environment staging --region frankfurt --reason "it leaks memory after a day"'))
    .action(act(async (context, pipeline: string, version: string, request: PlaceFilter & { reason: string }) => {
      const revoked = await context.api.revoke(pipeline, version, request);
      context.result(revoked, () => (revoked.places.length === 0
        ? `${version} was not verified there.`
        : [`${version} is no longer verified in`, ...revoked.places.map((place) => `  ${place}`)].join('\n')));
      return exitCodes.done;
    }));
