import { defaultPayloadConverter } from '@temporalio/common';
import type { SoakFinding } from '../workflows/messages/region.js';
import type { Dependencies } from './dependencies.js';
import { freshFor, keptBefore } from './soak-heartbeat.js';
import { samplesOf } from './soak/news.js';

/** Whose soak is concluded, and how often it is looked at. */
export interface SoakQuestion {
  /** The workflow that the watch works for. */
  workflowId: string;
  intervalMs: number;
}

/** What a soak has shown when it was asked. */
export interface Conclusion {
  verdict: SoakFinding;
  /** Number of the last news that the watch had put on its way by then; absent when it had kept nothing. */
  number?: number;
  /** Lines that no news has carried yet, gzip, base64. The watch may carry some of them once more. */
  samples?: string;
}

/**
 * What does the judge of a soak say now? Reads what the watch keeps in its heartbeat, by describing the workflow that it works for. A
 * watch that has not looked for a while says nothing about now.
 */
export const concludeSoak = ({ client, now }: Dependencies) => async ({ workflowId, intervalMs }: SoakQuestion): Promise<Conclusion> => {
  const { raw } = await client.workflow.getHandle(workflowId).describe();
  const watch = raw.pendingActivities?.find((activity) => activity.activityType?.name === 'watchSoak');
  const [payload] = watch?.heartbeatDetails?.payloads ?? [];
  const kept = keptBefore(payload && defaultPayloadConverter.fromPayload(payload));
  if (kept === undefined) return { verdict: silence('the watch has not looked yet', []) };
  const ageMs = now() - Date.parse(kept.at);
  const isStale = ageMs > freshFor(intervalMs);
  return {
    verdict: isStale ? silence(`the watch has not looked for ${Math.round(ageMs / 1_000)} s`, kept.verdict.checks) : kept.verdict,
    number: kept.number,
    samples: samplesOf(kept),
  };
};

const silence = (explanation: string, checks: SoakFinding['checks']): SoakFinding => ({ decision: 'no-data', explanation, checks });
