import { Command, Option } from 'commander';
import { needsReason, type DecisionKind } from '../../rollout/decision-kinds.js';
import type { DecisionRequest } from '../../rollout/schema/decision.js';
import type { CliCommand } from '../context.js';
import { examples } from '../examples.js';
import { exitCodes } from '../exit-codes.js';
import { pictureOf } from '../rollout-display.js';

const decisions: Record<DecisionKind, { description: string; example: string }> = {
  pause: { description: 'start nothing new; the watch goes on', example: 'shop-3 --reason "waiting for the database team"' },
  resume: { description: 'go on after a pause, or try again after a hold', example: 'shop-3' },
  approve: { description: 'let a rollout through a gate', example: 'shop-3 --gate go-no-go --reason "load test was fine"' },
  reject: { description: 'refuse at a gate: what is not finished is undone, and the rollout ends', example: 'shop-3 --gate go-no-go --reason "not on a Friday"' },
  abort: { description: 'end it: regions that are live stay, the others are undone', example: 'shop-3 --reason "superseded by a hot-fix"' },
  rollback: { description: 'undo every region of the rollout, in reverse order', example: 'shop-3 --reason "customers see wrong totals"' },
  retry: { description: 'try an undo again that is stuck', example: 'shop-3 --region sydney' },
  skip: { description: 'give up on an undo that is stuck: a person sees to that region', example: 'shop-3 --region sydney --reason "rebuilt by hand"' },
};

/** One command for each decision that a person takes about a rollout. */
export const decisionCommands: CliCommand[] = (Object.keys(decisions) as DecisionKind[]).map((kind) => (act) =>
  new Command(kind)
    .description(decisions[kind].description)
    .argument('<rollout>', 'for example shop-3')
    .addOption(new Option('--reason <text>', 'why, for the record').makeOptionMandatory(needsReason(kind)))
    .option('--gate <name>', 'the gate that is meant, when more than one waits')
    .option('--region <name>', 'the region that is meant, when more than one is concerned')
    .option('--environment <name>', 'the environment of that region, when several have one of that name')
    .addHelpText('after', examples(`meridian ${kind} ${decisions[kind].example}`))
    .action(act(async (context, id: string, request: DecisionRequest) => {
      const rollout = await context.api.decide(id, kind, request);
      context.result(rollout, () => pictureOf(rollout, context));
      return exitCodes.done;
    })));
