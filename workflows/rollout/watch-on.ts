import { ParentClosePolicy, startChild } from '@temporalio/workflow';
import { regionSettings } from '../../src/rollout/document/settings.js';
import { watchWorkflowId } from '../../src/rollout/ids.js';
import { placeKey, placeOf, type Place } from '../../src/rollout/places.js';
import type { Watched } from '../../src/rollout/pipeline/provisional.js';
import { watch } from '../watch.js';
import type { RolloutRun } from './run.js';

/**
 * Starts the watches that go on when the rollout has succeeded, one for each place whose soak says so: they outlive it. Gives back which
 * places are watched, and until when.
 */
export async function watchOn(run: RolloutRun): Promise<Watched[]> {
  // A contract has changed no code: what ran there has been watched on before it.
  if (run.view.status !== 'succeeded' || run.schema.contract !== undefined) return [];
  const watched = run.view.regions.filter(({ status }) => status === 'live').flatMap((state) => untilWhen(run, placeOf(state)));
  await Promise.all(watched.map((each) => startWatch(run, each)));
  return watched;
}

function untilWhen({ input: { document } }: RolloutRun, place: Place): Watched[] {
  const { soak, metrics, checks } = regionSettings(document, place);
  if (soak.watchAfterMs === null || metrics === null || checks.length === 0) return [];
  return [{ ...place, until: new Date(Date.now() + soak.watchAfterMs).toISOString() }];
}

async function startWatch({ input: { pipeline, rollout, release, document } }: RolloutRun, { until, ...place }: Watched): Promise<void> {
  await startChild(watch, {
    workflowId: watchWorkflowId(rollout, place),
    args: [{ ...place, pipeline, rollout, release, until, settings: regionSettings(document, place) }],
    parentClosePolicy: ParentClosePolicy.ABANDON,
    staticSummary: `${placeKey(place)}: ${release.version} is watched on until ${until}`,
  });
}
