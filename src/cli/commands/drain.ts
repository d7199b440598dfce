import { Command } from 'commander';
import type { Drained } from '../api-answers.js';
import type { CliCommand } from '../context.js';
import { examples } from '../examples.js';
import { exitCodes } from '../exit-codes.js';
import { printable } from '../text-columns.js';

export const drainCommand: CliCommand = (act) =>
  new Command('drain')
    .description('let rollouts pass a region over; they come back to it at the end of the phase')
    .argument('<pipeline>')
    .argument('<region>')
    .requiredOption('--reason <text>', 'why, for everybody who waits for it')
    .addHelpText('after', examples('meridian drain shop sydney --reason "the provider moves racks"'))
    .action(act(async (context, pipeline: string, region: string, { reason }: { reason: string }) => {
      const answer = await context.api.drain(pipeline, region, reason);
      context.result(answer, () => drainedText(answer));
      return exitCodes.done;
    }));

export const undrainCommand: CliCommand = (act) =>
  new Command('undrain')
    .description('let a drained region take part again')
    .argument('<pipeline>')
    .argument('<region>')
    .addHelpText('after', examples('meridian undrain shop sydney'))
    .action(act(async (context, pipeline: string, region: string) => {
      const answer = await context.api.undrain(pipeline, region);
      context.result(answer, () => drainedText(answer));
      return exitCodes.done;
    }));

function drainedText({ drained }: Drained): string {
  const rows = Object.entries(drained).map(([region, reason]) => `  ${region}  ${printable(reason)}`);
  return rows.length === 0 ? 'No region is drained.' : ['Drained, so rollouts leave them out:', ...rows].join('\n');
}
