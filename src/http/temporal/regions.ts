import { defaultPayloadConverter } from '@temporalio/common';
import { WorkflowNotFoundError, type WorkflowExecutionDescription } from '@temporalio/client';
import { regionWorkflowId } from '../../rollout/ids.js';
import type { RegionState, SoakProgress } from '../../rollout/schema/rollout.js';
import { isInFlight } from '../../rollout/states/statuses.js';
import { regionQuery } from '../../../workflows/messages/region.js';
import type { SoakHeartbeat } from '../../../activities/soak-heartbeat.js';
import { OutOfReach } from './out-of-reach.js';
import type { Reach } from './reach.js';
import { someAtOnce } from './some-at-once.js';
import type { RolloutView } from './workflows.js';

/** The view with each region at work as the region itself sees it: the rollout hears only of changes that others must know. */
export async function withFreshRegions(reach: Reach, view: RolloutView): Promise<RolloutView> {
  const regions = await someAtOnce(view.regions, async (known) => (isInFlight(known.status) ? freshRegion(reach, view.id, known) : known));
  return { ...view, regions };
}

/** What the rollout knows of the region stands when the region cannot be asked: a moment older, never wrong. */
async function freshRegion(reach: Reach, rollout: string, known: RegionState): Promise<RegionState> {
  const handle = reach.client.workflow.getHandle(regionWorkflowId(rollout, known));
  try {
    const state = await reach.query(() => handle.query(regionQuery));
    if (state.status !== 'soaking' || state.soak === undefined) return state;
    const watch = heartbeatIn(await reach.store(() => handle.describe()));
    return watch === undefined ? state : { ...state, soak: withLatest(state.soak, watch) };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError || error instanceof OutOfReach) return known;
    throw error;
  }
}

/** With the figures after the last look, which never enter a history; the explanation is that of the decision that the region knows. */
function withLatest(soak: SoakProgress, { verdict: { decision, cause, explanation, checks } }: SoakHeartbeat): SoakProgress {
  return { ...soak, checks, ...(decision === soak.decision && cause === soak.cause && { explanation }) };
}

/** What the watch of a soak keeps between two looks; undefined before the first, or when another version keeps something else. */
export function heartbeatIn({ raw }: WorkflowExecutionDescription): SoakHeartbeat | undefined {
  const watch = raw.pendingActivities?.find(({ activityType }) => activityType?.name === 'watchSoak');
  const [payload] = watch?.heartbeatDetails?.payloads ?? [];
  const kept = payload && defaultPayloadConverter.fromPayload<Partial<SoakHeartbeat>>(payload);
  return kept?.shape === 1 ? (kept as SoakHeartbeat) : undefined;
}
