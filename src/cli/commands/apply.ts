import { Command } from 'commander';
import { ApiProblem } from '../api-errors.js';
import type { CliCommand } from '../context.js';
import { locateErrors, readDocumentFile } from '../document-file.js';
import { examples } from '../examples.js';
import { exitCodes } from '../exit-codes.js';
import { printable } from '../text-columns.js';

export const applyCommand: CliCommand = (act) =>
  new Command('apply')
    .description('give a pipeline its document; a changed one becomes the next revision')
    .requiredOption('-f, --file <file>', 'a YAML or JSON document; - is standard input')
    .addHelpText('after', examples('meridian apply -f pipeline.yaml'))
    .action(act(async (context, { file }: { file: string }) => {
      const document = await readDocumentFile(file);
      const applied = await context.api.applyPipeline(document.name, document.text).catch((error: unknown) => {
        throw error instanceof ApiProblem ? locateErrors(error, document) : error;
      });
      context.result(applied, () => [
        `${applied.name} ${applied.changed ? 'is now at' : 'is unchanged at'} revision ${applied.revision}`,
        ...applied.warnings.map((warning) => `${context.colours.yellow('! warning')}  ${printable(warning)}`),
      ].join('\n'));
      return exitCodes.done;
    }));
