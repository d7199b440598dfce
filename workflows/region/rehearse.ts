import { CancellationScope } from '@temporalio/workflow';
import { stepKey } from '../../src/rollout/ids.js';
import { deployUndo } from '../../src/rollout/states/undo.js';
import { deployRelease } from './deploy.js';
import { passGates } from './gates.js';
import { clearFailure, move, nameOf, patch, report, type RegionRun } from './run.js';
import { undoUntilDone } from './undo.js';
import { verifyRelease } from './verify.js';

/**
 * Takes the release away again and puts it back, before anybody relies on the undo. False when the undo did not work and a person has
 * taken the region over.
 */
export async function rehearseUndo(run: RegionRun): Promise<boolean> {
  const { rollout, attempt } = run.input;
  const undo = deployUndo(run.undo)!;
  patch(run, { note: 'rehearsing the undo' });
  move(run, 'rehearse');
  await report(run, `${nameOf(run)} rehearses the undo`);
  const hasWorked = await CancellationScope.nonCancellable(() =>
    undoUntilDone(run, { ...undo, key: stepKey(rollout, run.input, attempt, 'rehearsal', 'undo') }));
  if (!hasWorked) return false;
  clearFailure(run);
  patch(run, { note: 'its undo was rehearsed, and works' });
  move(run, 'rehearsed');
  await report(run, `the undo of ${nameOf(run)} works`);
  await passGates(run); // the window may have closed meanwhile
  await deployRelease(run, 'deploy-again');
  await verifyRelease(run, 'verify-again');
  return true;
}
