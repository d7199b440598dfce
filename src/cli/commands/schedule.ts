import { Command, Option } from 'commander';
import type { ApiClient } from '../api-client.js';
import { CommandRefused } from '../api-errors.js';
import type { CliCommand } from '../context.js';
import { examples } from '../examples.js';
import { exitCodes } from '../exit-codes.js';
import { renderSchedules } from '../schedule-table.js';

interface ScheduleOptions {
  cron: string;
  timezone?: string;
  release?: string;
  verifiedIn?: string;
  to?: string;
  rehearse?: true;
  paused?: true;
  reason: string;
}

export const scheduleCommand: CliCommand = (act) =>
  new Command('schedule')
    .description('ship again and again at a time of day; the same name again changes it')
    .argument('<schedule>', 'its name, for example shop-nightly')
    .argument('<pipeline>')
    .requiredOption('--cron <expression>', 'minute, hour, day of the month, month, day of the week')
    .option('--timezone <zone>', 'the time zone of the cron expression; UTC without it')
    .addOption(new Option('--release <version>', 'always this release').conflicts('verifiedIn'))
    .option('--verified-in <environment>', 'the newest release that is verified in every region there')
    .option('--to <environment>', 'the last environment to ship to')
    .option('--rehearse', 'deploy, undo and deploy again in each first wave')
    .option('--paused', 'keep it, and start nothing')
    .requiredOption('--reason <text>', 'written into each rollout that it starts')
    .addHelpText('after', examples(
      'meridian schedule shop-nightly shop --cron "0 2 * * mon-fri" --timezone Europe/Berlin --verified-in staging --reason "what staging has passed"',
    ))
    .action(act(async (context, name: string, pipeline: string, options: ScheduleOptions) => {
      const schedule = await context.api.schedule(name, requestOf(pipeline, options));
      context.result(schedule, () => renderSchedules([schedule], context));
      return exitCodes.done;
    }));

function requestOf(pipeline: string, { release, verifiedIn, ...options }: ScheduleOptions): Parameters<ApiClient['schedule']>[1] {
  if (verifiedIn !== undefined) return { pipeline, release: { verifiedIn }, ...options };
  if (release !== undefined) return { pipeline, release: { version: release }, ...options };
  throw new CommandRefused('Say what is to be shipped: --release VERSION, or --verified-in ENVIRONMENT.');
}
