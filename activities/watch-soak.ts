import { activityInfo, ApplicationFailure, Context, heartbeat, log } from '@temporalio/activity';
import { ApplicationFailureCategory } from '@temporalio/common';
import { lookLines } from '../src/judge/replay/sample-lines.js';
import { verdictLine } from '../src/judge/replay/verdict-line.js';
import type { SoakFinding } from '../workflows/messages/region.js';
import { soakNewsSignal } from '../workflows/messages/region.js';
import type { Conclusion } from './conclude-soak.js';
import type { Dependencies } from './dependencies.js';
import { asActivityFailure } from './effect.js';
import { keptAs, keptBefore, soakShape, type SoakHeartbeat } from './soak-heartbeat.js';
import { atMost } from './soak/at-most.js';
import { openBench, restoreBench, type Bench } from './soak/judge.js';
import { lookAtAll } from './soak/look.js';
import { findingOf, samplesOf, textOf, withNews } from './soak/news.js';
import { connectSources } from './soak/sources.js';
import { steadied } from './soak/steadied.js';
import type { SoakWork } from './work.js';

/** Soaks that read their past at one time: a day of it is large, and others go on looking meanwhile. */
const openedAtOnce = 2;

/** Between two looks, however long they take. */
const shortestPauseMs = 1_000;

/** A long look beats this often, so that a dead worker is noticed. */
const beatMs = 5_000;

/** A watch that starts again after this many intervals, and this long besides, tells where it stands: people were told that it is silent. */
const gap = { intervals: 2, ms: 20_000 } as const;

/**
 * The watch of a soak. Each attempt is one look: it asks the region and its controls once, lets the judge see it, keeps everything in its
 * heartbeat and ends by failing benignly until the next look is due, which adds no event to the history. What people must know of is kept
 * first and told then: after a crash it is told again, under the same number. It returns only when the judge says `fail`.
 */
export const watchSoak = (dependencies: Dependencies) => {
  const inTurn = atMost(openedAtOnce);
  return async (work: SoakWork): Promise<Conclusion> => {
    const beganMs = dependencies.now();
    const details: unknown = activityInfo().heartbeatDetails;
    const before = await tell(dependencies, work, keptBefore(details));
    if (before?.verdict.decision === 'fail') return failed(before); // it had ended, and nobody has heard
    const bench = (): Promise<Bench> => inTurn(() => openBench(dependencies, work, details, Context.current().cancellationSignal));
    const after = await beating(details, () => look(dependencies, work, { before, met: details }, bench)).catch((error: unknown) => {
      throw asActivityFailure(error);
    });
    heartbeat(keptAs(after));
    if (after.verdict.decision === 'fail') return failed(after);
    if (after.untold !== undefined) heartbeat(keptAs(await tell(dependencies, work, after)));
    throw nextLook(work, after.verdict, dependencies.now() - beganMs);
  };
};

const failed = (kept: SoakHeartbeat): Conclusion => ({ verdict: kept.verdict, samples: samplesOf(kept) });

/** What the attempt before has left: as ours, if it is, and as it is. */
interface Found {
  before: SoakHeartbeat | undefined;
  met: unknown;
}

/** One look, seen by the judge, and all that the next one begins from. */
async function look(dependencies: Dependencies, work: SoakWork, { before, met }: Found, open: () => Promise<Bench>): Promise<SoakHeartbeat> {
  const wasAway = before !== undefined && hasBeenAway(dependencies, work, before);
  const restored = restoreBench(before);
  const { judge, lines, notes } = restored ?? (await open());
  const { checks, cursors } = await lookAround(dependencies, work, before);
  const atMs = timeOf(dependencies, work, before);
  const seen = { t: atMs / 1_000, checks };
  const verdict = judge.observe(seen);
  const goesOn = restored !== undefined && !wasAway;
  const finding = findingOf(verdict, notes);
  const kept: SoakHeartbeat = {
    ...carriedOver(before, met), shape: soakShape, judge: judge.save(), cursors, notes,
    told: goesOn ? before!.told : '',
    lines: [...lines, ...lookLines(seen), ...(goesOn && textOf(verdict) === before!.judged ? [] : [verdictLine(verdict)])],
    at: new Date(atMs).toISOString(),
    judged: textOf(verdict),
    ...steadied(finding, goesOn ? before : undefined, work.settings.soak.intervalMs),
  };
  return verdict.decision === 'fail' ? kept : withNews(kept, work);
}

/** The watch starts again after so long that people may have been told that it is silent. */
const hasBeenAway = ({ now }: Dependencies, { settings }: SoakWork, { at }: SoakHeartbeat): boolean =>
  now() - Date.parse(at) > gap.intervals * settings.soak.intervalMs + gap.ms;

async function lookAround(dependencies: Dependencies, work: SoakWork, before: SoakHeartbeat | undefined): ReturnType<typeof lookAtAll> {
  const sources = await connectSources(dependencies, work, work.release.version);
  const patienceMs = Math.max(1_000, work.settings.soak.intervalMs / 2);
  return lookAtAll(sources, before?.cursors, { signal: Context.current().cancellationSignal, patienceMs });
}

/** What was gathered before and is not told yet. */
const carriedOver = (before: SoakHeartbeat | undefined, met: unknown): Pick<SoakHeartbeat, 'number' | 'untold' | 'packed' | 'spent'> => ({
  number: before?.number ?? numberIn(met),
  spent: before?.spent ?? 0,
  ...(before?.untold !== undefined && { untold: before.untold }),
  ...(before?.packed !== undefined && { packed: before.packed }),
});

/** Whatever else another version has kept: the region knows news by their number, and takes none below the last. */
function numberIn(met: unknown): number {
  const { number } = (met ?? {}) as Partial<SoakHeartbeat>;
  return Number.isInteger(number) ? number! : 0;
}

/** Never before the soak, and always after the look before: the clocks of two machines differ. */
const timeOf = ({ now }: Dependencies, { startedAt }: SoakWork, before: SoakHeartbeat | undefined): number =>
  Math.max(now(), before === undefined ? Date.parse(startedAt) : Date.parse(before.at) + 1);

/** Tells what is on its way. What cannot be told now is told before the next look. */
async function tell<Kept extends SoakHeartbeat | undefined>({ client }: Dependencies, { workflowId }: SoakWork, kept: Kept): Promise<Kept> {
  if (kept?.untold === undefined) return kept;
  const { untold, ...rest } = kept;
  try {
    await client.workflow.getHandle(workflowId).signal(soakNewsSignal, untold);
    return rest as Kept;
  } catch (error) {
    log.warn('the news of a soak could not be told', { workflowId, number: untold.number, error: String(error) });
    return kept;
  }
}

/** Beats while it works, with what was kept before: that is what another worker would begin from. */
async function beating<T>(kept: unknown, work: () => Promise<T>): Promise<T> {
  const beat = setInterval(() => heartbeat(kept), beatMs);
  try {
    return await work();
  } finally {
    clearInterval(beat);
  }
}

/** Spread by a tenth, so that many soaks do not ask the same source in the same moment. A look that took long does not put off the next one. */
function nextLook({ settings }: SoakWork, { decision, explanation }: SoakFinding, tookMs: number): ApplicationFailure {
  const pauseMs = settings.soak.intervalMs * (0.9 + Math.random() * 0.2);
  const failure = ApplicationFailure.create({
    type: 'Soaking',
    message: `${decision}: ${explanation}`.slice(0, 1_000),
    nextRetryDelay: Math.round(Math.max(Math.min(shortestPauseMs, pauseMs), pauseMs - Math.max(0, tookMs))),
    category: ApplicationFailureCategory.BENIGN,
  });
  // Where it comes from says nothing, and would be worked out and sent at every look.
  delete failure.stack;
  return failure;
}
