import { Command } from 'commander';
import type { CliCommand } from '../context.js';
import { examples } from '../examples.js';
import { exitCodes } from '../exit-codes.js';
import { renderSchedules } from '../schedule-table.js';

export const schedulesCommand: CliCommand = (act) =>
  new Command('schedules')
    .description('every schedule: what it ships, its next times, what came of the last ones')
    .addHelpText('after', examples('meridian schedules'))
    .action(act(async (context) => {
      const schedules = await context.api.schedules();
      context.result(schedules, () => renderSchedules(schedules, context));
      return exitCodes.done;
    }));

export const unscheduleCommand: CliCommand = (act) =>
  new Command('unschedule')
    .description('remove a schedule; rollouts that it has started go on')
    .argument('<schedule>', 'its name')
    .addHelpText('after', examples('meridian unschedule shop-nightly'))
    .action(act(async (context, name: string) => {
      await context.api.unschedule(name);
      context.result({ name }, () => `${name} is removed.`);
      return exitCodes.done;
    }));
