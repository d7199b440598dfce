import { activityInfo, ApplicationFailure, Context, heartbeat } from '@temporalio/activity';
import { ApplicationFailureCategory } from '@temporalio/common';
import { judge, noEvidence, observe, overall } from '../src/judge/judge.js';
import type { CheckResult, Verdict } from '../src/rollout/schema/rollout.js';
import { metricsOf } from './connect.js';
import type { Conclusion } from './conclude-soak.js';
import type { Dependencies } from './dependencies.js';
import { asActivityFailure } from './effect.js';
import type { SoakHeartbeat } from './soak-heartbeat.js';
import type { SoakWork } from './work.js';

/**
 * The watch of a soak. Each attempt is one look: it asks every check once, keeps the evidence in its heartbeat and ends by failing
 * benignly until the next look is due, which adds no event to the history. It returns only when the evidence is a `fail`.
 */
export const watchSoak = (dependencies: Dependencies) => async (work: SoakWork): Promise<Conclusion> => {
  const before = activityInfo().heartbeatDetails as SoakHeartbeat | undefined;
  const after = await look(dependencies, work, before).catch((error: unknown) => {
    throw asActivityFailure(error);
  });
  heartbeat(after);
  const verdict = overall(after.results);
  if (verdict === 'fail') return { verdict, results: after.results };
  throw nextLook(work.settings.soak.intervalMs, verdict, after.results);
};

/** One look: the evidence so far and what the source says now. */
async function look(dependencies: Dependencies, work: SoakWork, before: SoakHeartbeat | undefined): Promise<SoakHeartbeat> {
  const { source, checks } = await metricsOf(dependencies, work, work.release.version);
  const seen = source === null
    ? { samples: {}, cursor: undefined }
    : await source.look(checks, before?.cursor, Context.current().cancellationSignal);
  const nowMs = Date.now();
  const evidence = observe(before?.evidence ?? noEvidence(), checks, seen.samples, nowMs);
  const results = judge(evidence, checks, work.settings.soak, nowMs);
  return { evidence, cursor: seen.cursor, results, at: new Date(nowMs).toISOString() };
}

/** Spread by a tenth, so that many soaks do not ask the same source in the same moment. */
function nextLook(intervalMs: number, verdict: Verdict, results: CheckResult[]): ApplicationFailure {
  const words = results.map(({ explanation }) => explanation).join('; ');
  return ApplicationFailure.create({
    type: 'Soaking',
    message: `${verdict}: ${words}`.slice(0, 1_000),
    nextRetryDelay: Math.round(intervalMs * (0.9 + Math.random() * 0.2)),
    category: ApplicationFailureCategory.BENIGN,
  });
}
