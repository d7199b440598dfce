import { condition } from '@temporalio/workflow';
import { formatDuration } from '../../src/rollout/duration.js';
import { nameOf, now, patch, type RegionRun } from './run.js';

/** Returns when the soak has been credited `untilMs` in all. The clock stands still while the rollout is paused. */
export async function creditUntil(run: RegionRun, untilMs: number): Promise<void> {
  for (;;) {
    const leftMs = untilMs - run.state.soak!.credited;
    if (leftMs <= 0) return;
    if (run.isPaused) await condition(() => !run.isPaused);
    await credit(run, leftMs);
  }
}

/** Lets the clock run for `leftMs`, or until the rollout is paused or the soak is over, and credits what has passed. */
async function credit(run: RegionRun, leftMs: number): Promise<void> {
  const beganMs = Date.now();
  patch(run, { soak: { ...run.state.soak!, countingSince: now() } });
  try {
    await condition(() => run.isPaused, leftMs, { summary: `soak ${nameOf(run)} ${run.input.release.version}, ${formatDuration(leftMs)}` });
  } finally {
    const soak = run.state.soak!;
    patch(run, { soak: { ...soak, credited: soak.credited + Math.min(Date.now() - beganMs, leftMs), countingSince: null } });
  }
}
