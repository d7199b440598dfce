import type { WindowGate } from '../../src/rollout/schema/gate.js';
import type { GateSettings } from '../../src/rollout/document/settings.js';
import { hoursOf, windowAt } from '../../src/rollout/control/windows.js';
import type { GateAnswer } from '../work.js';

/** However far off the change is: rules of time zones and the clock of this machine are corrected in the meantime. */
const longestWaitMs = 3_600_000;

/** A window is a matter of the wall clock there. It is looked at again when it changes. `nowMs` is ms since the epoch. */
export function lookAtWindow(gate: WindowGate, { offPeak, timezone: own }: Pick<GateSettings, 'offPeak' | 'timezone'>, nowMs: number): GateAnswer {
  const timezone = gate.timezone ?? own;
  if (timezone === null) return { isOpen: false, saw: `${gate.name} names no time zone, and no region has one here`, lookAgainMs: longestWaitMs };
  const { isOpen, changesAtMs } = windowAt(hoursOf(gate, offPeak), timezone, nowMs);
  const changesAt = new Date(changesAtMs).toISOString();
  return {
    isOpen,
    saw: isOpen ? `${gate.name} is open until ${changesAt}` : `${gate.name} opens at ${changesAt}`,
    lookAgainMs: Math.min(Math.max(changesAtMs - nowMs, 0), longestWaitMs),
    ...(!isOpen && { opensAt: changesAt }),
  };
}
