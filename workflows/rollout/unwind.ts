import { condition } from '@temporalio/workflow';
import { rollbackOrder } from '../../src/rollout/undo.js';
import { move, note } from './record.js';
import { keyOf, regionState, type Finished, type RolloutRun } from './run.js';
import { undoFinished } from './ship-region.js';

/**
 * What follows a stopped walk. A rollback undoes every region of the rollout, the last wave first; an abort only those that are not
 * wholly on the release. Regions that were at work undo themselves; `shipping` ends when the last of them has. Never cancelled, and one
 * that is stuck never keeps the others from going back.
 */
export async function unwind(run: RolloutRun, shipping: Promise<void>): Promise<void> {
  const affected = run.finished.filter(({ state }) => run.goal === 'rolled-back' || state.status !== 'live');
  const groups = rollbackOrder(affected);
  if (groups.length > 0) note(run, { kind: 'undo', text: `going back, in this order: ${groups.map(names).join(', then ')}` });
  const undos: Promise<void>[] = [];
  for (const group of groups) {
    undos.push(...group.map((region) => undoFinished(run, region)));
    await condition(() => group.every((region) => isBackOrStuck(run, region)));
  }
  await Promise.all([...undos, shipping]);
  move(run, run.goal === 'rolled-back' ? 'undone' : 'stopped');
}

const names = (group: Finished[]): string => group.map(keyOf).join(' and ');

const isBackOrStuck = (run: RolloutRun, region: Finished): boolean =>
  ['rolled-back', 'failed', 'stuck'].includes(regionState(run, keyOf(region)).status);
