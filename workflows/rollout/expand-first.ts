import { CancellationScope } from '@temporalio/workflow';
import { placeKey, placeOf, type Place } from '../../src/rollout/places.js';
import { placesOf } from '../../src/rollout/plan/plan.js';
import { regionSettings } from '../../src/rollout/document/settings.js';
import type { PlannedPhase } from '../../src/rollout/schema/plan.js';
import { note } from './record.js';
import { expandInput } from './region-input.js';
import { mayStart } from './may-start.js';
import { regionState, type RolloutRun } from './run.js';
import { expandRegion, undoFinished } from './ship-region.js';

// Where regions share a database, or replicate one into another, the whole environment has the new shape before any of them has the new code,
// and loses it only when none has.

/** Expands every place of a phase that waits for it. True when there was something to do: whoever ships looks again whether it went well. */
export async function expandFirst(run: RolloutRun, phase: PlannedPhase): Promise<boolean> {
  const todo = placesOf(phase).filter((place) => mustExpandFirst(run, place));
  if (todo.length === 0) return false;
  note(run, { kind: 'phase', environment: phase.environment, text: `the schema of ${todo.map(({ region }) => region).join(', ')} is expanded before any code changes` });
  for (const place of todo) {
    await mayStart(run, [place]);
    await expandRegion(run, place);
  }
  return true;
}

const mustExpandFirst = (run: RolloutRun, place: Place): boolean =>
  regionSettings(run.input.document, place).database?.expandFirst === 'all' && run.schema.contract === undefined
  && run.expanded[placeKey(place)] === undefined && expandInput(run, place).lacking.length > 0
  // A drained one is expanded when its turn comes.
  && run.holds.drained[place.region] === undefined && run.leftOut[placeKey(place)] === undefined;

/** Takes back what was expanded first, the last one first: all code is back by now. Where the release stays anywhere in an environment, it all stays. */
export async function undoExpanded(run: RolloutRun): Promise<void> {
  for (const expanded of Object.values(run.expanded).toReversed()) {
    if (isNeeded(run, expanded.environment)) continue;
    delete run.expanded[placeKey(expanded)];
    await CancellationScope.nonCancellable(() => undoFinished(run, { ...expanded, state: regionState(run, expanded) }));
  }
  for (const place of Object.values(run.expanded).map(placeOf)) note(run, { kind: 'undo', ...place, text: `the schema of ${placeKey(place)} stays expanded: others in ${place.environment} need it` });
}

/** The release stays somewhere there, or nobody knows whether it does: its undo was skipped. */
const isNeeded = (run: RolloutRun, environment: string): boolean =>
  run.view.regions.some(({ failure, status, ...place }) => place.environment === environment
    && (status === 'stuck' || failure?.code === 'UndoFailed' || (run.goal === 'aborted' && status === 'live')));
