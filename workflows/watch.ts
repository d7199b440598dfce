import { CancellationScope, condition, getExternalWorkflowHandle, isCancellation, log, setCurrentDetails, setHandler, workflowInfo } from '@temporalio/workflow';
import type { RegionSettings } from '../src/rollout/document/settings.js';
import { formatDuration } from '../src/rollout/duration.js';
import { pipelineWorkflowId } from '../src/rollout/ids.js';
import { placeKey, placeOf, type Place } from '../src/rollout/places.js';
import type { Release } from '../src/rollout/schema/release.js';
import { failureOf, isExpected } from './failures.js';
import { watchEndedSignal } from './messages/pipeline.js';
import { soakNewsSignal, type SoakFinding } from './messages/region.js';
import { watchOverSignal } from './messages/watch.js';
import { soakQueueOf } from './task-queues.js';
import { tell } from './tell.js';
import { notices, soakWatches, steps } from './timeouts.js';

/** One place that is watched on after its rollout has succeeded. */
export interface WatchInput extends Place {
  pipeline: string;
  rollout: string;
  release: Release;
  settings: RegionSettings;
  /** ISO 8601. */
  until: string;
}

/** How it came to its end. `broken`: nobody could watch. */
export interface WatchOutcome {
  end: 'time is over' | 'nothing to watch' | 'regressed' | 'broken';
  why: string;
}

interface WatchRun {
  input: WatchInput;
  startedAt: string;
  /** Number of the last news. */
  news: number;
  finding?: SoakFinding;
  /** Why there is nothing to watch any more. */
  over?: string;
}

/**
 * Watches on for a while after a rollout has succeeded: what it has verified is provisional until then. A regression takes the verification
 * back and tells people. Nothing is undone by itself: everything runs on the release by now, and others may have been built upon it.
 */
export async function watch(input: WatchInput): Promise<WatchOutcome> {
  const run = openWatch(input);
  const scope = new CancellationScope({ cancellable: true });
  const watching = scope.run(() => untilRegressed(run));
  const outcome = await Promise.race([watching, scope.run(() => untilOver(run))]).catch(closedByHand);
  return CancellationScope.nonCancellable(async () => {
    scope.cancel();
    await watching.catch((error: unknown) => void closedByHand(error));
    await close(run, outcome);
    return outcome;
  });
}

function openWatch(input: WatchInput): WatchRun {
  const run: WatchRun = { input, startedAt: new Date().toISOString(), news: 0 };
  // Of what is told again, the last telling counts.
  setHandler(soakNewsSignal, ({ soak, number, verdict }) => {
    if (soak !== run.startedAt || number < run.news) return;
    run.news = number;
    if (verdict !== undefined) show(run, verdict);
  });
  setHandler(watchOverSignal, ({ why }) => {
    run.over = why;
  });
  return run;
}

function show(run: WatchRun, finding: SoakFinding): void {
  run.finding = finding;
  const { rollout, release, until } = run.input;
  setCurrentDetails([
    `**${finding.decision}** — ${placeKey(run.input)}, ${release.version} of ${rollout}, watched on until ${until}`, '', finding.explanation,
    ...finding.checks.map((check) => `- ${check.name}: **${check.verdict}** — ${check.explanation}`),
  ].join('\n'));
}

/** The same watch as that of a soak, by a judge of its own that lasts until the end. All that runs beside it has the release too: it compares with the past. */
async function untilRegressed(run: WatchRun): Promise<WatchOutcome> {
  const { pipeline, rollout, release, settings, until } = run.input;
  const { intervalMs } = settings.soak;
  const lastsMs = Math.max(1, Date.parse(until) - Date.parse(run.startedAt));
  const soak = { ...settings.soak, minMs: lastsMs, durationMs: lastsMs, maxMs: lastsMs, earlyFinish: false };
  try {
    const { verdict } = await soakWatches.watchSoak.executeWithOptions(
      {
        taskQueue: soakQueueOf(workflowInfo().taskQueue),
        summary: `${placeKey(run.input)} ${release.version}, every ${formatDuration(intervalMs)}`,
        retry: { initialInterval: intervalMs, maximumInterval: intervalMs, backoffCoefficient: 1 },
      },
      [{
        ...placeOf(run.input), pipeline, rollout, release, settings: { ...settings, soak }, workflowId: workflowInfo().workflowId,
        startedAt: run.startedAt, changedAt: run.startedAt, previous: release.version, controls: [], carried: {}, budgetLeft: null, withoutSamples: true,
      }],
    );
    show(run, verdict);
    return { end: 'regressed', why: verdict.explanation };
  } catch (error) {
    if (isCancellation(error) || !isExpected(error)) throw error;
    return { end: 'broken', why: failureOf(error, `the watch of ${placeKey(run.input)}`).message };
  }
}

async function untilOver(run: WatchRun): Promise<WatchOutcome> {
  const { release, until } = run.input;
  const leftMs = Math.max(1, Date.parse(until) - Date.now());
  const summary = `${placeKey(run.input)} is watched on with ${release.version} until ${until}`;
  if (await condition(() => run.over !== undefined, leftMs, { summary })) return { end: 'nothing to watch', why: run.over! };
  return { end: 'time is over', why: `${release.version} has stayed good` };
}

function closedByHand(error: unknown): WatchOutcome {
  if (!isCancellation(error)) throw error;
  return { end: 'nothing to watch', why: 'somebody has cancelled the watch in Temporal' };
}

/** The board knows first, then people do. */
async function close(run: WatchRun, { end, why }: WatchOutcome): Promise<void> {
  const { pipeline, rollout, release } = run.input;
  const name = placeKey(run.input);
  const regression = end === 'regressed' ? `got worse in ${name} after ${rollout} had succeeded: ${why}` : null;
  await tell(getExternalWorkflowHandle(pipelineWorkflowId(pipeline)), watchEndedSignal, {
    ...placeOf(run.input), rollout, release: release.version, regression, at: new Date().toISOString(),
  });
  if (regression !== null) {
    await tellPeople(run, `${release.version} ${regression}. It is not verified there any more, and nothing was rolled back. ${await wayBack(run)}`);
  } else if (end === 'broken') {
    await tellPeople(run, `${release.version} is not watched on in ${name}, though it should be until ${run.input.until}: ${why}. It stays verified.`);
  }
}

/** What a person can do about it. */
async function wayBack({ input: { pipeline, release, ...input } }: WatchRun): Promise<string> {
  try {
    const board = await steps.baseline.executeWithOptions({ scheduleToCloseTimeout: '1 minute' }, [{ ...placeOf(input), pipeline, not: release.version }]);
    if (board?.good) return `To go back to what was good there: meridian ship ${pipeline} ${board.good.version}`;
  } catch (error) {
    if (!isExpected(error)) throw error;
    log.info('nobody could say what was good before', { error: String(error) });
  }
  return `Ship a release that is good: meridian ship ${pipeline} VERSION`;
}

async function tellPeople({ input: { pipeline, rollout } }: WatchRun, text: string): Promise<void> {
  try {
    await notices.notify.executeWithOptions({ summary: 'people are told' }, [{ pipeline, rollout, kind: 'regressed', text }]);
  } catch (error) {
    log.warn('nobody could be told', { text, error: String(error) });
  }
}
