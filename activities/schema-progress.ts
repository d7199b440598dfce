import { Context } from '@temporalio/activity';
import { schemaNewsSignal } from '../workflows/messages/region.js';
import { metricsOf } from './connect.js';
import type { Dependencies } from './dependencies.js';
import type { RegionDatabase, SchemaProgress } from './ports/database.js';
import type { SchemaPhaseWork, SchemaWork } from './work.js';

/** People are told when it begins, and then after twice as long each time: each telling is history. */
const firstPauseMs = 5_000;

/** What a long phase says while it works reaches people; and it goes on only while no replica is too far behind. */
export function schemaProgress(dependencies: Dependencies, work: SchemaPhaseWork, database: RegionDatabase): SchemaProgress {
  const { client, now } = dependencies;
  let nextAtMs = 0;
  let pauseMs = firstPauseMs;
  return {
    say(text) {
      Context.current().heartbeat({ text });
      if (now() < nextAtMs) return;
      nextAtMs = now() + pauseMs;
      pauseMs *= 2;
      void client.workflow.getHandle(work.workflowId).signal(schemaNewsSignal, { text }).catch((error: unknown) => {
        Context.current().log.warn('how far a migration is could not be told', { error: String(error) });
      });
    },
    mayGoOn: (signal) => whyWait(dependencies, work, database, signal),
  };
}

async function whyWait(dependencies: Dependencies, work: SchemaWork, database: RegionDatabase, signal: AbortSignal): Promise<string | undefined> {
  const limit = work.settings.database?.lag;
  if (limit === undefined) return undefined;
  const lag = limit.metric === undefined ? await database.lag(signal) : await lagByMetric(dependencies, work, limit.metric, signal);
  if (typeof lag === 'string') return lag;
  return lag <= limit.max ? undefined : `the replica is behind: ${lag}, at most ${limit.max}`;
}

/** A number, or why there is none: no data is never a yes. */
async function lagByMetric(dependencies: Dependencies, work: SchemaWork, query: string, signal: AbortSignal): Promise<number | string> {
  const check = { name: 'lag', kind: 'value' as const, query };
  const { source, checks } = await metricsOf(dependencies, { ...work, settings: { ...work.settings, checks: [check] } }, work.release.version);
  if (source === null) return 'the lag is asked of the metrics, and the pipeline names none';
  const { samples } = await source.look(checks, undefined, signal);
  const sample = samples.lag;
  return sample?.kind === 'value' ? sample.value : `the lag cannot be read: ${sample !== undefined && 'reason' in sample ? sample.reason : 'no answer'}`;
}
