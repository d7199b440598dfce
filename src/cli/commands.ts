import { applyCommand } from './commands/apply.js';
import { boardCommand } from './commands/board.js';
import { completionCommand } from './commands/completion.js';
import { decisionCommands } from './commands/decide.js';
import { digestCommand } from './commands/digest.js';
import { openCommand } from './commands/open.js';
import { planCommand } from './commands/plan.js';
import { serverCommand } from './commands/server.js';
import { shipCommand } from './commands/ship.js';
import { statusCommand } from './commands/status.js';
import { upCommand } from './commands/up.js';
import { workerCommand } from './commands/worker.js';
import type { CliCommand } from './context.js';

/** Every command under the heading that the help gives it, in the order of the help. */
export const commandGroups: { heading: string; commands: CliCommand[] }[] = [
  { heading: 'Start:', commands: [upCommand, serverCommand, workerCommand] },
  { heading: 'Ship:', commands: [applyCommand, planCommand, shipCommand] },
  { heading: 'Look:', commands: [statusCommand, boardCommand, openCommand] },
  { heading: 'Decide:', commands: decisionCommands },
  { heading: 'Tools:', commands: [digestCommand, completionCommand] },
];
