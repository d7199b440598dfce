import { condition } from '@temporalio/workflow';
import { placeKey } from '../../src/rollout/places.js';
import { rollbackOrder } from '../../src/rollout/states/undo.js';
import { undoExpanded } from './expand-first.js';
import { move, note } from './record.js';
import { regionState, type Finished, type RolloutRun } from './run.js';
import { undoFinished } from './ship-region.js';

/**
 * What follows a stopped walk. A rollback undoes every region of the rollout, the last wave first; an abort only those that are not
 * wholly on the release. Regions that were at work undo themselves; `shipping` ends when the last of them has. Never cancelled, and one
 * that is stuck never keeps the others from going back.
 */
export async function unwind(run: RolloutRun, shipping: Promise<void>): Promise<void> {
  // Again when the workflow of an undo was closed by hand: what is unknown is not undone.
  do await undoAffected(run, shipping);
  while (affected(run).length > 0);
  await undoExpanded(run);
  move(run, run.goal === 'rolled-back' ? 'undone' : 'stopped');
}

async function undoAffected(run: RolloutRun, shipping: Promise<void>): Promise<void> {
  const groups = affected(run);
  if (groups.length > 0) note(run, { kind: 'undo', text: `going back, in this order: ${groups.map(names).join(', then ')}` });
  const undos: Promise<void>[] = [];
  for (const group of groups) {
    undos.push(...group.map((region) => undoFinished(run, region)));
    await condition(() => group.every((region) => isBackOrStuck(run, region)));
  }
  await Promise.all([...undos, shipping]);
}

/** What is still to be undone of the regions that have ended, in the order in which it goes back. */
const affected = (run: RolloutRun): Finished[][] =>
  rollbackOrder(run.finished.filter(({ state }) => run.goal === 'rolled-back' || state.status !== 'live'));

const names = (group: Finished[]): string => group.map(placeKey).join(' and ');

const isBackOrStuck = (run: RolloutRun, region: Finished): boolean =>
  ['rolled-back', 'failed', 'stuck'].includes(regionState(run, region).status);
