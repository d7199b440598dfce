import type { Rollout } from '../rollout/schema/rollout.js';
import type { Context } from './context.js';
import { exitCodeOf, exitCodes, type ExitCode } from './exit-codes.js';
import { followRollout } from './follow.js';
import { createDisplay } from './rollout-display.js';
import { isSettled } from './up/settled.js';

/** Shows a rollout until it has ended, needs a person or the time is over, and answers how it came out. */
export async function waitForRollout(context: Context, started: Rollout, timeoutMs: number | undefined): Promise<ExitCode> {
  const display = createDisplay(context);
  try {
    const rollout = await followRollout(context.api, started, {
      until: isSettled,
      onAnswer: display.show,
      deadline: timeoutMs === undefined ? undefined : Date.now() + timeoutMs,
    });
    if (context.output === 'json') context.result(rollout, () => '');
    return exitCodeOf(rollout) ?? exitCodes.timedOut;
  } finally {
    display.end();
  }
}
