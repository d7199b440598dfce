import type { Teller } from './teller.js';

/** The running parts of a stack, in the order in which they were started. */
export interface Parts {
  /** Notes how a part is stopped, as soon as it runs. */
  add(name: string, stop: () => Promise<void>): void;
  /** Stops all of them, the last one first. One that cannot be stopped is told and does not keep the others. Safe to call again. */
  stop(): Promise<void>;
}

export function createParts(tell: Teller): Parts {
  const parts: { name: string; stop: () => Promise<void> }[] = [];
  return {
    add: (name, stop) => void parts.push({ name, stop }),
    async stop() {
      for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
        const { name, stop } = part;
        tell.progress(`stopping ${name}`);
        await stop().catch((error: unknown) => tell.say(`Could not stop ${name}: ${(error as Error).message}`));
      }
    },
  };
}
