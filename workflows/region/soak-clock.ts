import { condition } from '@temporalio/workflow';
import { formatDuration } from '../../src/rollout/duration.js';
import { nameOf, now, patch, type RegionRun } from './run.js';

/** Returns when the soak has been credited `untilMs` in all. The clock stands still while the rollout is paused. */
export async function creditUntil(run: RegionRun, untilMs: number): Promise<void> {
  for (;;) {
    const soak = run.state.soak!;
    const leftMs = untilMs - soak.credited;
    if (leftMs <= 0) return;
    if (run.isPaused) await condition(() => !run.isPaused);
    const beganMs = Date.now();
    patch(run, { soak: { ...soak, countingSince: now() } });
    await condition(() => run.isPaused, leftMs, { summary: `soak ${nameOf(run)} ${run.input.release.version}, ${formatDuration(leftMs)}` });
    const credited = soak.credited + Math.min(Date.now() - beganMs, leftMs);
    patch(run, { soak: { ...soak, credited, countingSince: null } });
  }
}
