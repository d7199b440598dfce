import { Command } from 'commander';
import type { CliCommand, Context } from '../context.js';
import { examples } from '../examples.js';
import type { ExitCode } from '../exit-codes.js';

export const upCommand: CliCommand = (act) =>
  new Command('up')
    .description('start the whole stack on this machine, Temporal included, and ship a release of the example shop')
    .option('--release <version>', 'the release of examples/shop to ship', '1.1.0')
    .option('--once', 'ship it, print what the regions answer, stop everything and exit with the outcome')
    .addHelpText('after', examples('npm start', 'npm start -- --release 1.2.0 --once'))
    .action(act(async (context: Context, options: { release: string; once?: true }): Promise<ExitCode> => {
      const { runUp } = await import('../up/run.js');
      return await runUp(context, { release: options.release, once: options.once === true });
    }));
