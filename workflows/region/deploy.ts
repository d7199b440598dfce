import { stepKey } from '../../src/rollout/ids.js';
import { stepDeadlineMs } from '../../src/rollout/document/settings.js';
import { steps } from '../timeouts.js';
import { deployUndo, type DeployUndo } from '../../src/rollout/states/undo.js';
import { settleBaseline, type Found } from './baseline.js';
import { mayProceed } from './proceed.js';
import { move, nameOf, patch, place, tellBoard, type RegionRun } from './run.js';

/**
 * Puts the undo of the deploy on the list, before the region is touched. False when it had to wait for that: what was open before may be
 * closed by now, and nothing is on the list yet.
 */
export async function prepareUndo(run: RegionRun): Promise<boolean> {
  const { rollout, attempt, release } = run.input;
  const found = await settleBaseline(run);
  if ((await mayProceed(run)) || found.hadToWait) return false;
  const { previous, isAccepted } = whatToPutBack(run, found);
  // One entry, after what was done before the code.
  run.undo = run.undo.filter(({ step }) => step !== 'deploy');
  run.undo.push({
    step: 'deploy', from: release, previous, key: stepKey(rollout, run.input, attempt, 'deploy', 'undo'), ...(isAccepted && { isAccepted }),
  });
  return true;
}

/** What ran before; where an earlier attempt has left this very release there, what ran before that one. */
function whatToPutBack({ input: { release }, undo }: RegionRun, found: Found): Pick<DeployUndo, 'previous' | 'isAccepted'> {
  const before = deployUndo(undo);
  if (before !== undefined && found.release?.version === release.version) return before;
  return { previous: found.release, ...(found.isAccepted && { isAccepted: true }) };
}

/** Puts the release into the region. `step` names it within the attempt: a rehearsal deploys twice. */
export async function deployRelease(run: RegionRun, step: 'deploy' | 'deploy-again' = 'deploy'): Promise<void> {
  const { rollout, attempt, release, settings } = run.input;
  const previous = deployUndo(run.undo)?.previous ?? null;
  move(run, 'deploy');
  await tellBoard(run, { status: 'changing', release: previous });
  await steps.deployRegion.executeWithOptions(
    { scheduleToCloseTimeout: stepDeadlineMs(settings.target), summary: `${release.version} to ${nameOf(run)}` },
    [{ ...place(run), rollout, release, previous, key: stepKey(rollout, run.input, attempt, step, 'do') }],
  );
  patch(run, { release: release.version });
}
