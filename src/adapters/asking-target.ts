import type { RegionTarget } from '../../activities/ports/region-target.js';
import { readCurrent, readStepAnswer } from './step-reply.js';
import type { Ask } from './step-request.js';

/** The other side of a target that is told what to do and answers in JSON: a webhook, a script. */
export interface Asked {
  /** What messages call it: `webhook hooks.example.com`. */
  who(action: Ask['action']): string;
  /** The text of its answer. Throws `RegionUnreachable` when nothing is known of the step, the verb's failure when it said no. */
  send(ask: Ask, signal: AbortSignal): Promise<string>;
}

/** A region target whose four verbs are four asks. */
export function askingTarget({ who, send }: Asked): RegionTarget {
  const step = async (ask: Exclude<Ask, { action: 'current' }>, signal: AbortSignal) =>
    readStepAnswer(ask, who(ask.action), await send(ask, signal));
  return {
    async current(place, signal) {
      const ask = { action: 'current', place } as const;
      return readCurrent(ask, who('current'), await send(ask, signal));
    },
    deploy: (place, signal) => step({ action: 'deploy', place }, signal),
    verify: (place, signal) => step({ action: 'verify', place }, signal),
    undo: (place, signal) => step({ action: 'undo', place }, signal),
  };
}
