import { applyCommand } from './commands/apply.js';
import { blockCommand } from './commands/block.js';
import { blocksCommand } from './commands/blocks.js';
import { boardCommand } from './commands/board.js';
import { completionCommand } from './commands/completion.js';
import { decisionCommands } from './commands/decide.js';
import { digestCommand } from './commands/digest.js';
import { drainCommand, undrainCommand } from './commands/drain.js';
import { freezeCommand } from './commands/freeze.js';
import { freezesCommand } from './commands/freezes.js';
import { judgeCommand } from './commands/judge.js';
import { migrateCommand } from './commands/migrate.js';
import { missingCommand } from './commands/missing.js';
import { openCommand } from './commands/open.js';
import { planCommand } from './commands/plan.js';
import { revokeCommand } from './commands/revoke.js';
import { scheduleCommand } from './commands/schedule.js';
import { schedulesCommand, unscheduleCommand } from './commands/schedules.js';
import { serverCommand } from './commands/server.js';
import { shipCommand } from './commands/ship.js';
import { statusCommand } from './commands/status.js';
import { tenantsCommand } from './commands/tenants.js';
import { unblockCommand } from './commands/unblock.js';
import { unfreezeCommand } from './commands/unfreeze.js';
import { upCommand } from './commands/up.js';
import { workerCommand } from './commands/worker.js';
import type { CliCommand } from './context.js';

/** Every command under the heading that the help gives it, in the order of the help. */
export const commandGroups: { heading: string; commands: CliCommand[] }[] = [
  { heading: 'Start:', commands: [upCommand, serverCommand, workerCommand] },
  { heading: 'Ship:', commands: [applyCommand, missingCommand, planCommand, shipCommand, migrateCommand, scheduleCommand, schedulesCommand, unscheduleCommand] },
  { heading: 'Look:', commands: [statusCommand, boardCommand, tenantsCommand, judgeCommand, openCommand] },
  { heading: 'Decide:', commands: decisionCommands },
  {
    heading: 'Hold:',
    commands: [
      freezeCommand, unfreezeCommand, freezesCommand, blockCommand, unblockCommand, blocksCommand, drainCommand, undrainCommand, revokeCommand,
    ],
  },
  { heading: 'Tools:', commands: [digestCommand, completionCommand] },
];
