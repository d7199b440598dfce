import { Command } from 'commander';
import type { CliCommand } from '../context.js';
import { examples } from '../examples.js';
import { exitCodes } from '../exit-codes.js';
import { untilStopped } from '../until-stopped.js';

export const serverCommand: CliCommand = (act) =>
  new Command('server')
    .description('run the HTTP API; there may be many. SIGTERM lets it answer what has begun')
    .addHelpText('after', examples('meridian server', 'MERIDIAN_HOST=0.0.0.0 MERIDIAN_TOKENS="$TOKENS" TEMPORAL_ADDRESS=temporal.example:7233 meridian server'))
    .action(act(async (context) => {
      const { startServer } = await import('../../server.js');
      const server = await startServer(context.config);
      context.say(`The API listens on ${server.url}, its pages on ${server.url}/docs.`);
      await untilStopped({ stop: () => server.close() }, context.say);
      return exitCodes.done;
    }));
