import { condition } from '@temporalio/workflow';
import { formatDuration } from '../../src/rollout/duration.js';
import { untilFreezesChange, untilTrue } from '../holds.js';
import { frozen, isStill } from './proceed.js';
import { nameOf, now, patch, type RegionRun } from './run.js';

/** Returns when the soak has been credited `untilMs` in all. The clock stands still while the rollout is paused or frozen, or the region drained. */
export async function creditUntil(run: RegionRun, untilMs: number): Promise<void> {
  for (;;) {
    const leftMs = untilMs - run.state.soak!.credited;
    if (leftMs <= 0) return;
    await untilTrue(() => !isStill(run), frozen(run), `a freeze of ${nameOf(run)} ends: the soak goes on`);
    await credit(run, leftMs);
  }
}

/** Lets the clock run for `leftMs`, or until it must stand still or the soak is over, and credits what has passed. */
async function credit(run: RegionRun, leftMs: number): Promise<void> {
  const beganMs = Date.now();
  const known = run.holds.freezes;
  const lapMs = Math.min(leftMs, untilFreezesChange(frozen(run)) ?? leftMs);
  patch(run, { soak: { ...run.state.soak!, countingSince: now() } });
  try {
    const summary = `soak ${nameOf(run)} ${run.input.release.version}, ${formatDuration(leftMs)}`;
    // New freezes may begin by the clock: they are looked at when they come.
    await condition(() => isStill(run) || run.holds.freezes !== known, lapMs, { summary });
  } finally {
    const soak = run.state.soak!;
    patch(run, { soak: { ...soak, credited: soak.credited + Math.min(Date.now() - beganMs, lapMs), countingSince: null } });
  }
}
