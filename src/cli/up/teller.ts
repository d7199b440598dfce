import { createLogUpdate } from 'log-update';
import type { Teller } from '../../embedded/teller.js';
import type { Context } from '../context.js';

/** Where nothing can be drawn over, a line this often shows that something goes on. */
const thinnedMs = 15_000;

/** Tells the set-up: lines that stay, and on a terminal one below them that shows how the present step goes. */
export function createTeller(context: Pick<Context, 'isLive' | 'stdout' | 'colours' | 'say'>): Teller & { done(): void } {
  if (!context.isLive) return { ...thinnedTeller(context.say), done: () => {} };
  const line = createLogUpdate(context.stdout);
  return {
    say(text) {
      line.clear();
      context.say(text);
    },
    progress: (text) => line(context.colours.dim(`  ${text}`)),
    done: () => line.clear(),
  };
}

function thinnedTeller(say: (text: string) => void): Teller {
  let saidAt = performance.now();
  const sayNow = (text: string): void => {
    saidAt = performance.now();
    say(text);
  };
  return {
    say: sayNow,
    progress(text) {
      if (performance.now() - saidAt >= thinnedMs) sayNow(`  ${text}`);
    },
  };
}
