import { condition } from '@temporalio/workflow';
import { formatDuration } from '../../src/rollout/duration.js';
import { untilFreezesChange, untilTrue } from '../holds.js';
import { frozen, isStill } from './proceed.js';
import { nameOf, now, patch, type RegionRun } from './run.js';

/** Until when the clock of a soak runs. */
export interface Lap {
  /** Credited in all (ms). */
  untilMs: number;
  /** At most for so long from now on, as far as the clock runs or waits for data (ms). */
  atMostMs?: number;
  /** Ends it before. */
  orWhen?: () => boolean;
}

/**
 * Lets the clock of a soak run. It stands still while the rollout is paused or frozen, or the region drained; and without data, and before the first look: then it
 * counts how long the soak has waited for some, which together with what is credited is never more than `max`.
 */
export async function runClock(run: RegionRun, { untilMs, atMostMs = Infinity, orWhen = () => false }: Lap): Promise<void> {
  const endMs = countedMs(run) + atMostMs;
  for (;;) {
    const leftMs = Math.min(isSilent(run) ? waitsAtMostMs(run) : untilMs - run.state.soak!.credited, endMs - countedMs(run));
    if (leftMs <= 0 || orWhen()) return;
    await untilTrue(() => !isStill(run) || orWhen(), frozen(run), `a freeze of ${nameOf(run)} ends: the soak goes on`);
    if (!orWhen()) await count(run, leftMs, orWhen);
  }
}

/** There is no data; or nobody has looked yet, where somebody should: that is no better. */
const isSilent = ({ state, soak, input }: RegionRun): boolean =>
  state.soak!.decision === 'no-data' || (soak.news === 0 && input.settings.checks.length > 0);

const countedMs = ({ state, soak }: RegionRun): number => state.soak!.credited + soak.silentMs;

/** How much longer a soak waits for data before a person is told (ms). */
export const waitsAtMostMs = (run: RegionRun): number => run.state.soak!.max - countedMs(run);

/** Counts for `leftMs`, or until the clock must stand still, data ends or comes, or the soak is over. */
async function count(run: RegionRun, leftMs: number, orWhen: () => boolean): Promise<void> {
  const beganMs = Date.now();
  const known = run.holds.freezes;
  const silent = isSilent(run);
  const lapMs = Math.min(leftMs, untilFreezesChange(frozen(run)) ?? leftMs);
  if (!silent) patch(run, { soak: { ...run.state.soak!, countingSince: now() } });
  try {
    const summary = `${silent ? 'waits for data of' : 'soak'} ${nameOf(run)} ${run.input.release.version}, ${formatDuration(leftMs)}`;
    // New freezes may begin by the clock: they are looked at when they come.
    await condition(() => isStill(run) || run.holds.freezes !== known || isSilent(run) !== silent || orWhen(), lapMs, { summary });
  } finally {
    const soak = run.state.soak!;
    const passedMs = Math.min(Date.now() - beganMs, lapMs);
    if (silent) run.soak.silentMs += passedMs;
    else patch(run, { soak: { ...soak, credited: soak.credited + passedMs, countingSince: null } });
  }
}
