import path from 'node:path';
import { Command } from 'commander';
import type { CliCommand } from '../context.js';
import { examples } from '../examples.js';
import { exitCodes } from '../exit-codes.js';

export const digestCommand: CliCommand = (act) =>
  new Command('digest')
    .description('the digest of a folder, as a release names it')
    .argument('<dir>', 'the folder of an artifact')
    .addHelpText('after', examples('meridian digest dist'))
    .action(act(async (context, dir: string) => {
      const { digestOfFolder } = await import('../../adapters/folder-artifact.js');
      const digest = await digestOfFolder(path.resolve(dir));
      context.result({ path: path.resolve(dir), digest }, () => digest);
      return exitCodes.done;
    }));
