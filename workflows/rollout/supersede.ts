import { condition } from '@temporalio/workflow';
import { isInFlight, type RolloutStatus } from '../../src/rollout/states/statuses.js';
import { change, move, note } from './record.js';
import type { RolloutRun } from './run.js';
import { syncRegions } from './sync-regions.js';

/** A person who has paused it, or an undo, comes first: then the newer one waits in line. */
const canBeReplaced: readonly RolloutStatus[] = ['running', 'waiting', 'held'];

/**
 * Makes way for a newer rollout at the edge of the wave: nothing new starts, regions that are half done get to the end of their deploy,
 * and soaks end without credit. Returns when no region is at work any more, and the rollout has ended.
 */
export async function makeWay(run: RolloutRun): Promise<void> {
  // A place that nobody knows the state of is a person's to decide first.
  const isReplaceable = (): boolean =>
    run.goal === undefined && canBeReplaced.includes(run.view.status)
    && run.finished.every(({ state, undo }) => undo.length === 0 || state.status === 'live' || state.status === 'superseded');
  await condition(() => run.view.supersededBy !== undefined && isReplaceable());
  const by = run.view.supersededBy!;
  run.newer = by;
  note(run, { kind: 'decision', by, text: `${by} takes over: nothing new starts, and what soaks is not credited` });
  syncRegions(run);
  // A region that is just being started is at work, too.
  await condition(() => !run.view.regions.some(({ status }) => isInFlight(status)) && Object.keys(run.open).length === 0 && isReplaceable());
  change(run, { waitingFor: [] });
  move(run, 'supersede');
  run.walk.cancel();
}

/** From the pipeline. One that has not begun ends at once; the others at the edge of a wave, unless the newer one leaves the line before. */
export function supersede(run: RolloutRun, by: string | null): void {
  if (by !== null) change(run, { supersededBy: by });
  else if (run.newer === undefined) {
    const { supersededBy: _nobody, ...view } = run.view;
    run.view = view;
    note(run, { kind: 'decision', text: 'nobody takes over any more: the newer rollout has left the line' });
  }
  if (by !== null && (run.view.status === 'scheduled' || run.view.status === 'queued')) move(run, 'supersede');
}
