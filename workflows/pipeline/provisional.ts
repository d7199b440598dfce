import { getExternalWorkflowHandle } from '@temporalio/workflow';
import { watchWorkflowId } from '../../src/rollout/ids.js';
import type { PipelineLedger } from '../../src/rollout/pipeline/pipeline-ledger.js';
import { noteWatched, noteWatchEnd, unwatched, watchesOver, type WatchEnd, type WatchOver } from '../../src/rollout/pipeline/provisional.js';
import type { RolloutEnded } from '../messages/pipeline.js';
import { watchOverSignal } from '../messages/watch.js';
import { tell } from '../tell.js';
import { beforeTheEnd, changeLedger, type PipelineRun } from './run.js';

// Places that are watched on after their rollout has succeeded: each watch is a workflow of its own.

/** The places of a rollout are watched on. Where something has happened since, there is nothing to watch. */
export function takeWatched(run: PipelineRun, { rollout, watched }: Pick<RolloutEnded, 'rollout' | 'watched'>): void {
  changeLedger(run, noteWatched(run.ledger, rollout, watched));
  for (const over of unwatched(run.ledger, rollout, watched)) tellOver(run, over);
}

/** A change of the ledger that may leave watches without anything to watch. */
export function changeWatched(run: PipelineRun, ledger: PipelineLedger): void {
  const before = run.ledger;
  changeLedger(run, ledger);
  for (const over of watchesOver(before, ledger)) tellOver(run, over);
}

export const takeWatchEnd = (run: PipelineRun, end: WatchEnd): void => changeLedger(run, noteWatchEnd(run.ledger, end));

function tellOver(run: PipelineRun, { place, rollout, why }: WatchOver): void {
  beforeTheEnd(run, tell(getExternalWorkflowHandle(watchWorkflowId(rollout, place)), watchOverSignal, { why }));
}
