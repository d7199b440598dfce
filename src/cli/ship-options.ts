import { Option, type Command } from 'commander';
import type { ShipBody } from './api-client.js';
import { CommandRefused } from './api-errors.js';
import { collect } from './collect.js';
import { parseTimeOption } from './time-option.js';

/** How a release is to be shipped, as the command line says it: the same for a plan and for the rollout that follows it. */
export interface ShipCommandOptions {
  to?: string;
  include?: string[];
  at?: string;
  tonight?: true;
  hotfix?: true;
  rehearse?: true;
  overrideFrom?: string;
  reason?: string;
  plan?: string;
}

export const addShipOptions = (command: Command): Command =>
  command
    .option('--to <environment>', 'the last environment to ship to; as far as the lifecycle goes by itself without it')
    .option('--include <environment>', 'an optional environment that the walk shall have; may be given more than once', collect)
    .addOption(new Option('--at <time>', 'start at this time, such as 2026-11-22T01:00:00Z').argParser(parseTimeOption).conflicts('tonight'))
    .option('--tonight', 'each region of the last environment in its own quiet hours')
    .option('--hotfix', 'take the hot-fix lane: first in line, with a shorter soak; needs --reason')
    .option('--rehearse', 'deploy, undo and deploy again in each first wave, so that the undo is known to work')
    .option('--override-from <environment>', 'begin here, although the release is not verified before it; needs --reason, shown for ever')
    .option('--reason <text>', 'why it is shipped, for the record')
    .option('--plan <hash>', 'refuse it when it would do anything else than the plan with this hash');

/** The options as the API takes them. Throws CommandRefused where one needs another. */
export function shipOptionsOf(options: ShipCommandOptions): Omit<ShipBody, 'pipeline' | 'release'> {
  const { to, include, hotfix, rehearse, reason, plan } = options;
  return {
    ...(to !== undefined && { to }),
    ...(include !== undefined && { include }),
    ...overrideOf(options),
    ...(hotfix && { lane: 'hotfix', reason: reasonFor('--hotfix', reason) }),
    ...(rehearse && { rehearse: true }),
    ...startAtOf(options),
    ...(reason !== undefined && { reason }),
    ...(plan !== undefined && { plan }),
  };
}

function overrideOf({ overrideFrom: from, reason }: ShipCommandOptions): Pick<ShipBody, 'override'> {
  return from === undefined ? {} : { override: { from, reason: reasonFor('--override-from', reason) } };
}

function reasonFor(option: string, reason: string | undefined): string {
  if (reason === undefined) throw new CommandRefused(`${option} needs --reason: it passes over a rule, and the record says why.`);
  return reason;
}

function startAtOf({ at, tonight }: ShipCommandOptions): Pick<ShipBody, 'startAt'> {
  if (tonight) return { startAt: 'tonight' };
  return at === undefined ? {} : { startAt: at };
}
