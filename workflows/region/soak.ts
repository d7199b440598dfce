import { CancellationScope, condition, isCancellation, workflowInfo } from '@temporalio/workflow';
import type { Conclusion } from '../../activities/conclude-soak.js';
import { formatDuration } from '../../src/rollout/duration.js';
import { MeridianFailure } from '../../src/rollout/failure.js';
import { failureOf, isExpected } from '../failures.js';
import { soakQueueOf } from '../task-queues.js';
import { questions, watches } from '../timeouts.js';
import { isLeftBehind } from './proceed.js';
import { clearFailure, fail, move, nameOf, now, patch, place, report, tellBoard, type RegionRun } from './run.js';
import { creditUntil } from './soak-clock.js';

/**
 * Soaks until the evidence is a pass. A fail is thrown, or held where the policy wants a person; missing evidence is always held. When a
 * newer rollout takes over, the soak ends there and counts for nothing.
 */
export async function soakUntilDecided(run: RegionRun, deployMs: number): Promise<void> {
  for (;;) {
    const conclusion = await soakOnce(run, deployMs);
    if (conclusion === 'superseded') return leaveSoak(run);
    patch(run, { soak: { ...run.state.soak!, countingSince: null, checks: conclusion.results } });
    if (conclusion.verdict === 'pass') return passed(run);
    const failure = failureFor(run, conclusion);
    if (conclusion.verdict === 'fail' && run.input.settings.soak.onFail === 'rollback') throw failure;
    await holdUntilResumed(run, failure);
    if (isLeftBehind(run)) return leaveSoak(run);
  }
}

async function passed(run: RegionRun): Promise<void> {
  move(run, 'soaked');
  await tellBoard(run, { status: 'live', release: run.input.release, verified: true });
}

async function leaveSoak(run: RegionRun): Promise<void> {
  patch(run, { note: `${run.holds.newer === null ? 'drained, and left out' : `${run.holds.newer} takes over`}: the soak was cut short and counts for nothing` });
  move(run, 'supersede');
  await tellBoard(run, { status: 'live', release: run.input.release });
}

/** One whole soak: the clock and the watch side by side, whichever ends first. */
async function soakOnce(run: RegionRun, deployMs: number): Promise<Conclusion | 'superseded'> {
  const { release, rollout, settings } = run.input;
  const startedAt = now();
  move(run, 'soak');
  patch(run, { soak: { startedAt, credited: 0, countingSince: null, required: settings.soak.minMs, max: settings.soak.maxMs, checks: [] } });
  await tellBoard(run, { status: 'soaking', release, deployMs });
  await report(run, `${nameOf(run)} soaks ${release.version} for ${formatDuration(settings.soak.minMs)}`);

  const scope = new CancellationScope({ cancellable: true });
  const watch = scope.run(() =>
    watches.watchSoak.executeWithOptions(
      {
        taskQueue: soakQueueOf(workflowInfo().taskQueue),
        summary: `${nameOf(run)} ${release.version}, every ${formatDuration(settings.soak.intervalMs)}`,
        retry: { initialInterval: settings.soak.intervalMs, maximumInterval: settings.soak.intervalMs, backoffCoefficient: 1 },
      },
      [{ ...place(run), rollout, release, startedAt }],
    ));
  try {
    return await Promise.race([
      watch.catch((error: unknown) => brokenWatch(run, error)),
      scope.run(() => waitForEvidence(run, startedAt)),
      scope.run(() => untilSuperseded(run)),
    ]);
  } finally {
    scope.cancel();
    await watch.catch(ignoreCancellation);
  }
}

async function untilSuperseded(run: RegionRun): Promise<'superseded'> {
  await condition(() => isLeftBehind(run));
  return 'superseded';
}

/** A watch that cannot work (its settings are wrong, say) has seen nothing: that holds, it never rolls back. */
function brokenWatch(run: RegionRun, error: unknown): Conclusion {
  if (isCancellation(error) || !isExpected(error)) throw error;
  const { message } = failureOf(error, `the watch of ${nameOf(run)}`);
  return { verdict: 'error', results: [], note: message };
}

/** The clock's side: credits the minimum, then asks for the evidence, and goes on asking until `max`. */
async function waitForEvidence(run: RegionRun, startedAt: string): Promise<Conclusion> {
  const { minMs, maxMs, intervalMs } = run.input.settings.soak;
  // A soak that lacks evidence asks again at most about twenty times, whatever its length: each question is history.
  const patienceMs = Math.max(intervalMs, Math.ceil((maxMs - minMs) / 20));
  for (let untilMs = minMs; ; untilMs = Math.min(untilMs + patienceMs, maxMs)) {
    await creditUntil(run, untilMs);
    const conclusion = await questions.concludeSoak.executeWithOptions(
      { summary: `is the soak of ${nameOf(run)} enough?` },
      [{ ...place(run), rollout: run.input.rollout, release: run.input.release, startedAt }],
    );
    if (conclusion.verdict === 'pass' || conclusion.verdict === 'fail' || untilMs >= maxMs) return conclusion;
  }
}

function failureFor(run: RegionRun, { verdict, results, note }: Conclusion): MeridianFailure {
  const { release, settings } = run.input;
  const words = note ?? results.filter((result) => result.verdict !== 'pass').map((result) => result.explanation).join('; ');
  if (verdict === 'fail') return new MeridianFailure('RegionRegressed', `${nameOf(run)} got worse with ${release.version}: ${words}.`);
  const code = verdict === 'error' ? 'MetricSourceFailed' : 'NoData';
  return new MeridianFailure(code, `${nameOf(run)} has soaked ${release.version} for ${formatDuration(settings.soak.maxMs)} without enough evidence: ${words}.`);
}

async function holdUntilResumed(run: RegionRun, failure: MeridianFailure): Promise<void> {
  fail(run, { code: failure.code, message: failure.message });
  move(run, 'hold');
  run.inbox = [];
  await report(run, `${nameOf(run)} is held: ${failure.message}`);
  await condition(() => isLeftBehind(run) || run.inbox.some(({ kind }) => kind === 'resume'));
  clearFailure(run);
}

function ignoreCancellation(error: unknown): void {
  if (!isCancellation(error) && !isExpected(error)) throw error;
}
