import { once as eventOf } from 'node:events';
import { shopRelease } from '../../embedded/shop/release.js';
import { startStack, type Stack } from '../../embedded/stack.js';
import type { SentRelease } from '../../rollout/schema/release.js';
import { createApiClient } from '../api-client.js';
import type { Context } from '../context.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { alignColumns } from '../text-columns.js';
import { listenForInterrupt } from './interrupt.js';
import { renderAnswers } from './regions-table.js';
import { shipRelease } from './ship.js';
import { createTeller } from './teller.js';

export interface UpOptions {
  /** Version of the release to ship. */
  release: string;
  /** Stop and answer the outcome when the rollout has come to rest, instead of serving on. */
  once: boolean;
}

/**
 * Starts the stack, ships the release, shows it, and serves until Ctrl-C. Stops what it started, however it ends. Throws `SetupFailure`
 * for what a person can mend, and the errors of the API client.
 */
export async function runUp(context: Context, { release: version, once }: UpOptions): Promise<ExitCode> {
  const release = await shopRelease(version);
  const tell = createTeller(context);
  let stack: Stack | undefined;
  // Once the rollout is drawn, whoever draws it sees the signal and makes room first.
  const sayUnlessDrawing = (): void => {
    if (stack === undefined) tell.say(stopping);
  };
  const interrupt = listenForInterrupt(sayUnlessDrawing, () => process.exit(exitCodes.interrupted));
  try {
    stack = await startStack(context.config, { env: context.env, tell, signal: interrupt.signal });
    tell.done();
    return await shipAndServe(stack, context, { release, once, interrupted: interrupt.signal });
  } catch (error) {
    if (interrupt.signal.aborted) return endedByHand(once);
    stack?.broken.throwIfAborted(); // what follows from a dead part is not the news
    throw error;
  } finally {
    if (stack !== undefined) tell.say(interrupt.signal.aborted ? stopping : 'Stopping what was started: a few seconds.');
    await stack?.stop();
    tell.done();
    interrupt.stopListening();
  }
}

const stopping = 'Stopping what was started: a few seconds. (Ctrl-C again ends at once; the next start finds what still runs.)';

const endedByHand = (once: boolean): ExitCode => (once ? exitCodes.interrupted : exitCodes.done);

async function shipAndServe(
  stack: Stack, context: Context, { release, once, interrupted }: { release: SentRelease; once: boolean; interrupted: AbortSignal },
): Promise<ExitCode> {
  const signal = AbortSignal.any([interrupted, stack.broken]);
  const api = createApiClient({ url: stack.apiUrl, user: context.user, token: context.env.MERIDIAN_TOKEN });
  context.say(linksOf(stack, context));
  const outcome = await shipRelease({ api, shop: stack.shop, release, once, signal }, context);
  if (outcome !== undefined) {
    const regions = await stack.askRegions();
    context.result({ outcome, regions }, () => renderAnswers(regions, context.colours));
    if (once) return outcome;
    context.say('Everything keeps running until Ctrl-C.');
    if (!signal.aborted) await eventOf(signal, 'abort');
  }
  stack.broken.throwIfAborted();
  return endedByHand(once);
}

function linksOf({ apiUrl }: Stack, { config: { temporal }, colours }: Context): string {
  const links = { API: apiUrl, 'API docs': `${apiUrl}/docs`, ...(temporal.uiUrl !== null && { 'Temporal UI': temporal.uiUrl }) };
  return alignColumns(Object.entries(links).map(([name, url]) => [`  ${colours.bold(name)}`, url])).join('\n');
}
