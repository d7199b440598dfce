import { CancellationScope, condition, isCancellation, workflowInfo } from '@temporalio/workflow';
import { formatDuration } from '../../src/rollout/duration.js';
import { MeridianFailure } from '../../src/rollout/failure.js';
import type { Conclusion } from '../../activities/conclude-soak.js';
import type { SoakWork } from '../../activities/work.js';
import { failureOf, isExpected } from '../failures.js';
import { soakQueueOf } from '../task-queues.js';
import { conclusions, soakWatches } from '../timeouts.js';
import { askComparison } from './comparison.js';
import { isLeftBehind } from './proceed.js';
import { clearFailure, move, nameOf, now, patch, place, report, tellBoard, type RegionRun } from './run.js';
import { runClock, waitsAtMostMs } from './soak-clock.js';
import { holdUntilResumed, holdWhileSilent, regressed, settleInconclusive, type SoakEnd } from './soak-end.js';
import { leaveHold, take, tellOfHolds } from './soak-news.js';

/** When a region was changed, and how long that took. */
export interface Changed {
  /** ISO 8601. */
  changedAt: string;
  /** Absent where no code was changed. */
  deployMs?: number;
}

/**
 * Soaks until the judge lets the region through, or a person does. What the judge fails is thrown, or held where the policy wants a person.
 * When a newer rollout takes over, the soak ends there and counts for nothing.
 */
export async function soakUntilDecided(run: RegionRun, changed: Changed): Promise<void> {
  for (;;) {
    const end = await soakOnce(run, changed);
    switch (end.is) {
      case 'passed':
        return passed(run, end.note);
      case 'left':
        return leaveSoak(run);
      case 'again':
        continue;
      case 'rejected':
        throw end.failure;
      case 'regressed':
      case 'broken':
        if (end.is === 'regressed' && run.input.settings.soak.onFail === 'rollback') throw end.failure;
        if ((await holdUntilResumed(run, end.failure, () => isLeftBehind(run))) === 'left') return leaveSoak(run);
    }
  }
}

async function passed(run: RegionRun, note: string | undefined): Promise<void> {
  if (note !== undefined) patch(run, { note });
  move(run, run.state.status === 'held' ? 'let-through' : 'soaked');
  await tellBoard(run, { status: 'live', release: run.input.release, verified: true });
}

async function leaveSoak(run: RegionRun): Promise<void> {
  clearFailure(run);
  patch(run, { note: `${run.holds.newer === null ? 'drained, and left out' : `${run.holds.newer} takes over`}: the soak was cut short and counts for nothing` });
  move(run, 'supersede');
  await tellBoard(run, { status: 'live', release: run.input.release });
}

/** One whole soak: the clock and the watch side by side, whichever ends first. The watch goes on while the region is held. */
async function soakOnce(run: RegionRun, changed: Changed): Promise<SoakEnd> {
  await begin(run, changed);
  const scope = new CancellationScope({ cancellable: true });
  const watch = scope.run(() => watchUntilFailed(run, changed));
  const ended = Promise.race([
    watch,
    scope.run(() => untilDecided(run)),
    scope.run(() => untilLeft(run)),
    scope.run(() => tellOfHolds(run)),
  ]);
  try {
    const end = await ended;
    scope.cancel();
    return isOutweighed(end) ? (await regressionOf(watch)) ?? end : end;
  } finally {
    scope.cancel();
    await watch.catch(ignoreCancellation);
    await leaveHold(run);
    patch(run, { soak: { ...run.state.soak!, countingSince: null } });
  }
}

/** What the judge fails in the same moment is not let through, and not soaked again before it is undone. */
const isOutweighed = ({ is }: SoakEnd): boolean => is === 'passed' || is === 'again';

async function regressionOf(watch: Promise<SoakEnd>): Promise<SoakEnd | undefined> {
  const late = await watch.catch(ignoreCancellation);
  return late?.is === 'regressed' ? late : undefined;
}

async function begin(run: RegionRun, { deployMs }: Changed): Promise<void> {
  const { release, settings: { soak, checks } } = run.input;
  run.soak = { news: 0, silentMs: 0, isAsked: false, noted: new Set() };
  move(run, 'soak');
  patch(run, { soak: {
    startedAt: now(), credited: 0, countingSince: null, required: soak.durationMs, max: soak.maxMs, decision: 'continue',
    explanation: checks.length === 0 ? 'there are no checks: the soak only waits' : 'not looked at yet',
    controls: [], checks: [],
  } });
  await tellBoard(run, { status: 'soaking', release, ...(deployMs !== undefined && { deployMs }) });
  const text = `${nameOf(run)} soaks ${release.version} for ${formatDuration(soak.durationMs)}`;
  await (checks.length === 0 ? report(run, text) : askComparison(run, text));
}

/** Ends only when the judge fails the soak, or the watch cannot work. Where there are no checks there is nothing to watch. */
async function watchUntilFailed(run: RegionRun, changed: Changed): Promise<SoakEnd> {
  const { release, settings: { soak, checks } } = run.input;
  if (checks.length === 0) return condition(() => false) as Promise<never>;
  try {
    const { verdict } = await soakWatches.watchSoak.executeWithOptions(
      {
        taskQueue: soakQueueOf(workflowInfo().taskQueue),
        summary: `${nameOf(run)} ${release.version}, every ${formatDuration(soak.intervalMs)}`,
        retry: { initialInterval: soak.intervalMs, maximumInterval: soak.intervalMs, backoffCoefficient: 1 },
      },
      [soakWork(run, changed)],
    );
    take(run, verdict);
    return regressed(run, verdict);
  } catch (error) {
    if (isCancellation(error) || !isExpected(error)) throw error;
    return { is: 'broken', failure: brokenWatch(run, error) };
  }
}

const soakWork = (run: RegionRun, { changedAt }: Changed): SoakWork => {
  const { input: { release, rollout }, comparison } = run;
  const { controls, carried, budgetLeft } = comparison!;
  return {
    ...place(run), rollout, release, controls, carried, budgetLeft, changedAt,
    startedAt: run.state.soak!.startedAt, previous: run.state.previous, workflowId: workflowInfo().workflowId,
  };
};

/** A watch that cannot work (its settings are wrong, say) has seen nothing: that holds, it never rolls back. */
const brokenWatch = (run: RegionRun, error: unknown): MeridianFailure =>
  new MeridianFailure('MetricSourceFailed', `${nameOf(run)} cannot be watched: ${failureOf(error, `the watch of ${nameOf(run)}`).message}.`);

async function untilLeft(run: RegionRun): Promise<SoakEnd> {
  await condition(() => isLeftBehind(run));
  return { is: 'left' };
}

/**
 * The clock's side. The region passes when the time is credited and the judge says so, who tells every change. Asked is only for the last
 * look, and from time to time as a safety net: each question is history.
 */
async function untilDecided(run: RegionRun): Promise<SoakEnd> {
  const { minMs, durationMs, maxMs, intervalMs, earlyFinish } = run.input.settings.soak;
  const goalMs = earlyFinish ? minMs : durationMs;
  const patienceMs = Math.max(10 * intervalMs, Math.ceil((maxMs - goalMs) / 10));
  for (;;) {
    await runClock(run, { untilMs: goalMs });
    if (run.input.settings.checks.length === 0) return { is: 'passed' };
    await runClock(run, { untilMs: maxMs, atMostMs: patienceMs, orWhen: () => run.state.soak!.decision === 'pass' });
    await conclude(run);
    const soak = run.state.soak!;
    if (soak.decision === 'pass' && soak.credited >= goalMs) return { is: 'passed' };
    if (soak.decision === 'fail') return regressed(run, soak);
    if (soak.decision === 'no-data' && waitsAtMostMs(run) <= 0 && (await holdWhileSilent(run)) === 'again') return { is: 'again' };
    if (soak.decision !== 'no-data' && soak.credited >= maxMs) return settleInconclusive(run);
  }
}

/** What the watch has told meanwhile is newer than the answer: it knows that it was told, and never tells it again. */
async function conclude(run: RegionRun): Promise<void> {
  const { verdict, number } = await askedNow(run);
  if (number !== undefined && number < run.soak.news) return;
  run.soak.news = number ?? run.soak.news;
  take(run, verdict);
}

/** What the judge says now. A question without an answer says nothing of the release: that holds, it never rolls back. */
async function askedNow(run: RegionRun): Promise<Conclusion> {
  try {
    return await conclusions.concludeSoak.executeWithOptions(
      { summary: `is the soak of ${nameOf(run)} enough?` },
      [{ workflowId: workflowInfo().workflowId, intervalMs: run.input.settings.soak.intervalMs }],
    );
  } catch (error) {
    if (isCancellation(error) || !isExpected(error)) throw error;
    const { message } = failureOf(error, `the question to the watch of ${nameOf(run)}`);
    return { verdict: { decision: 'no-data', explanation: `the watch could not be asked: ${message}`, checks: run.state.soak!.checks } };
  }
}

function ignoreCancellation(error: unknown): void {
  if (!isCancellation(error) && !isExpected(error)) throw error;
}
