import { condition } from '@temporalio/workflow';
import { nextFreezeChange } from '../src/rollout/control/freezes.js';
import type { Place } from '../src/rollout/places.js';
import type { Freeze } from '../src/rollout/schema/freeze.js';

/** Freezes, as they are known now, and the places that somebody asks about. */
export interface Frozen {
  freezes(): Freeze[];
  places(): (Place & { pipeline: string })[];
}

/** Timers are no use for a time further away than this: it is looked again. */
const longestMs = 30 * 86_400_000;

/** How long until a freeze begins or ends for one of the places (ms, at least 1); undefined when none will. */
export function untilFreezesChange({ freezes, places }: Frozen): number | undefined {
  const nowMs = Date.now();
  const times = places().flatMap((place) => nextFreezeChange(freezes(), place, nowMs) ?? []);
  return times.length === 0 ? undefined : Math.max(1, Math.min(longestMs, Math.min(...times) - nowMs));
}

/**
 * Waits until `holds` is true, and notices freezes that come, go, begin or end meanwhile. True when it had to wait. While no freeze
 * begins or ends by the clock it costs no history, for days.
 */
export async function untilTrue(holds: () => boolean, frozen: Frozen, summary: string): Promise<boolean> {
  if (holds()) return false;
  while (!holds()) {
    const known = frozen.freezes();
    const wakesUp = (): boolean => holds() || frozen.freezes() !== known;
    const changeMs = untilFreezesChange(frozen);
    if (changeMs === undefined) await condition(wakesUp);
    else await condition(wakesUp, changeMs, { summary });
  }
  return true;
}
