import { Command, InvalidArgumentError, Option } from 'commander';
import { PlanHash } from '../../rollout/schema/names.js';
import type { ContractRequest } from '../../rollout/schema/ship.js';
import type { CliCommand } from '../context.js';
import { parseDurationOption } from '../duration-option.js';
import { examples } from '../examples.js';
import { exitCodes } from '../exit-codes.js';
import { renderPlan } from '../plan-table.js';
import { pictureOf } from '../rollout-display.js';
import { parseTimeOption } from '../time-option.js';
import { waitForRollout } from '../wait-for-rollout.js';

interface ContractOptions {
  /** The hash that was looked at; true to look at the plan. */
  plan?: string | true;
  reason?: string;
  at?: string;
  tonight?: true;
  wait?: true;
  timeout?: number;
}

export const migrateContractCommand: CliCommand = (act) =>
  new Command('contract')
    .description('take the old shape of migrations away in every region, in a rollout of its own; refused while a region may need it')
    .argument('<pipeline>')
    .argument('[migrations...]', 'all that are due without any')
    .addOption(new Option('--plan [hash]', 'show what it would do, and change nothing; with a hash: refuse it when it would do anything else').argParser(parseHash))
    .option('--reason <text>', 'why, for the record')
    .addOption(new Option('--at <time>', 'start at this time, such as 2026-11-22T01:00:00Z').argParser(parseTimeOption).conflicts('tonight'))
    .option('--tonight', 'each region of the last environment in its own quiet hours')
    .option('--wait', 'follow it until it has ended or needs a person')
    .addOption(new Option('--timeout <duration>', 'wait no longer than this').argParser(parseDurationOption).implies({ wait: true }))
    .addHelpText('after', examples(
      'meridian migrate contract shop --plan',
      'meridian migrate contract shop 0001-split-name --reason "nobody reads name any more" --wait',
    ))
    .action(act(async (context, pipeline: string, migrations: string[], options: ContractOptions) => {
      const request = requestOf(pipeline, migrations, options);
      if (options.plan === true) {
        const plan = await context.api.contractPlan(request);
        context.result(plan, () => renderPlan(plan, context));
        return exitCodes.done;
      }
      const rollout = await context.api.startContract(request);
      if (options.wait) return waitForRollout(context, rollout, options.timeout);
      context.result(rollout, () => pictureOf(rollout, context));
      return exitCodes.done;
    }));

function requestOf(pipeline: string, migrations: string[], { plan, reason, at, tonight }: ContractOptions): ContractRequest {
  const startAt = tonight ? 'tonight' : at;
  return {
    pipeline,
    ...(migrations.length > 0 && { migrations }),
    ...(typeof plan === 'string' && { plan }),
    ...(reason !== undefined && { reason }),
    ...(startAt !== undefined && { startAt }),
  };
}

/** A name after `--plan` would be taken for the hash. */
function parseHash(text: string): string {
  if (PlanHash.safeParse(text).success) return text;
  throw new InvalidArgumentError('It is no hash of a plan: write `--plan` last to look at the plan.');
}
