import { defaultPayloadConverter } from '@temporalio/common';
import { judge, noEvidence, overall } from '../src/judge/judge.js';
import { regionWorkflowId } from '../src/rollout/ids.js';
import type { CheckResult, Verdict } from '../src/rollout/schema/rollout.js';
import type { Dependencies } from './dependencies.js';
import type { SoakHeartbeat } from './soak-heartbeat.js';
import type { SoakWork } from './work.js';

/** What a soak has shown when it was asked. */
export interface Conclusion {
  verdict: Verdict;
  results: CheckResult[];
  /** Why there are no results, in words. */
  note?: string;
}

/**
 * Is the evidence of a soak enough now? Reads what the watch keeps in its heartbeat, by describing the region's own workflow,
 * and judges it as of this moment: evidence that has gone stale is no data.
 */
export const concludeSoak = ({ client }: Dependencies) => async (work: SoakWork): Promise<Conclusion> => {
  const handle = client.workflow.getHandle(regionWorkflowId(work.rollout, work));
  const { raw } = await handle.describe();
  const watch = raw.pendingActivities?.find((activity) => activity.activityType?.name === 'watchSoak');
  const [payload] = watch?.heartbeatDetails?.payloads ?? [];
  const { checks, soak } = work.settings;
  const kept = payload ? defaultPayloadConverter.fromPayload<SoakHeartbeat>(payload) : undefined;
  const results = judge(kept?.evidence ?? noEvidence(), checks, soak, Date.now());
  return { verdict: overall(results), results };
};
