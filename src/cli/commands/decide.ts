import { Command, Option } from 'commander';
import { decisionHelp, decisionKinds, needsReason, type DecisionKind } from '../../rollout/control/decision-kinds.js';
import type { DecisionRequest } from '../../rollout/schema/decision.js';
import type { CliCommand } from '../context.js';
import { examples } from '../examples.js';
import { exitCodes } from '../exit-codes.js';
import { pictureOf } from '../rollout-display.js';

const sample: Record<DecisionKind, string> = {
  pause: 'shop-3 --reason "waiting for the database team"',
  resume: 'shop-3',
  approve: 'shop-3 --gate go-no-go --reason "load test was fine"',
  reject: 'shop-3 --gate go-no-go --reason "not on a Friday"',
  abort: 'shop-3 --reason "superseded by a hot-fix"',
  rollback: 'shop-3 --reason "customers see wrong totals"',
  retry: 'shop-3 --region sydney',
  skip: 'shop-3 --region sydney --reason "rebuilt by hand"',
  promote: 'shop-3 --reason "the demo is tomorrow"',
  override: 'shop-3 --gate quiet-hours --reason "the fix cannot wait for the night"',
};

const withOptionsOf = (kind: DecisionKind, command: Command): Command =>
  (kind === 'approve' ? command.option('--plan <hash>', 'the plan that you looked at: refused when it is not the plan any more') : command);

/** One command for each decision that a person takes about a rollout. */
export const decisionCommands: CliCommand[] = decisionKinds.map((kind) => (act) =>
  withOptionsOf(kind, new Command(kind))
    .description(decisionHelp[kind])
    .argument('<rollout>', 'for example shop-3')
    .addOption(new Option('--reason <text>', 'why, for the record').makeOptionMandatory(needsReason(kind)))
    .option('--gate <name>', 'the gate that is meant, when more than one waits')
    .option('--region <name>', 'the region that is meant, when more than one is concerned')
    .option('--environment <name>', 'the environment of that region, when several have one of that name')
    .option('--tenant <name>', 'the tenant of that region, when several live there')
    .addHelpText('after', examples(`meridian ${kind} ${sample[kind]}`))
    .action(act(async (context, id: string, request: DecisionRequest) => {
      const rollout = await context.api.decide(id, kind, request);
      context.result(rollout, () => pictureOf(rollout, context));
      return exitCodes.done;
    })));
