import { Command, Option } from 'commander';
import type { Rollout } from '../../rollout/schema/rollout.js';
import { isTerminal } from '../../rollout/states/statuses.js';
import { CommandRefused } from '../api-errors.js';
import type { CliCommand, Context } from '../context.js';
import { examples } from '../examples.js';
import { exitCodeOf, exitCodes, type ExitCode } from '../exit-codes.js';
import { followRollout } from '../follow.js';
import { renderPlan } from '../plan-table.js';
import { createDisplay, jsonLines, pictureOf } from '../rollout-display.js';
import { overviewOf, renderOverview } from '../rollout-table.js';

const listed = 100;

interface StatusOptions {
  watch?: true;
  plan?: true;
  pipeline?: string;
}

export const statusCommand: CliCommand = (act) =>
  new Command('status')
    .description('where a rollout is; without one, the rollouts under way and the last finished')
    .argument('[rollout]', 'for example shop-3')
    .option('--watch', 'follow the rollout until it has ended; without one, the newest')
    .option('--pipeline <name>', 'only rollouts of this pipeline')
    .addOption(new Option('--plan', 'the plan that the rollout follows: what an approval says yes to').conflicts('watch'))
    .addHelpText('after', examples(
      'meridian status', 'meridian status shop-3 --watch', 'meridian status shop-3 --plan', 'meridian status --pipeline shop --output json',
    ))
    .action(act(async (context, id: string | undefined, options: StatusOptions) => {
      if (options.plan) return showPlan(context, id);
      if (options.watch) return watch(context, await toWatch(context, id, options.pipeline));
      if (id === undefined) return list(context, options.pipeline);
      const rollout = await context.api.rollout(id);
      context.result(rollout, () => pictureOf(rollout, context));
      return exitCodes.done;
    }));

async function showPlan(context: Context, id: string | undefined): Promise<ExitCode> {
  if (id === undefined) throw new CommandRefused('Say whose plan: status ROLLOUT --plan. `plan PIPELINE VERSION` shows one that is still to come.');
  const plan = await context.api.planOf(id);
  context.result(plan, () => renderPlan(plan, context));
  return exitCodes.done;
}

async function list(context: Context, pipeline: string | undefined): Promise<ExitCode> {
  const overview = overviewOf(await context.api.rollouts({ pipeline, limit: listed }));
  context.result(overview, () => renderOverview(overview, { width: context.width, colours: context.colours, timezone: context.timezone, now: Date.now() }));
  return exitCodes.done;
}

async function toWatch({ api }: Context, id: string | undefined, pipeline: string | undefined): Promise<Rollout> {
  if (id !== undefined) return api.rollout(id);
  const { running, finished } = overviewOf(await api.rollouts({ pipeline, limit: listed }));
  const newest = running[0] ?? finished[0];
  if (!newest) throw new CommandRefused('There is no rollout to watch yet: `ship PIPELINE VERSION` starts one.');
  return api.rollout(newest.id);
}

/** Until it has ended, not only until it needs a person: whoever watches wants to see what that person decides. */
async function watch(context: Context, first: Rollout): Promise<ExitCode> {
  const display = context.output === 'json' ? jsonLines(context) : createDisplay(context);
  try {
    const last = await followRollout(context.api, first, {
      until: (rollout) => isTerminal(rollout.status),
      onAnswer: display.show,
    });
    return exitCodeOf(last) ?? exitCodes.done;
  } finally {
    display.end();
  }
}
