import { stepKey } from '../../src/rollout/ids.js';
import { stepDeadlineMs } from '../../src/rollout/document/settings.js';
import { deployUndo } from '../../src/rollout/states/undo.js';
import { steps } from '../timeouts.js';
import { move, nameOf, place, type RegionRun } from './run.js';

/** Is the release really there, ready and healthy? A pause does not keep it from being asked: what was deployed is looked after. */
export async function verifyRelease(run: RegionRun, step: 'verify' | 'verify-again' = 'verify'): Promise<void> {
  const { rollout, attempt, release, settings } = run.input;
  move(run, 'verify');
  await steps.verifyRegion.executeWithOptions(
    { scheduleToCloseTimeout: stepDeadlineMs(settings.target), summary: `${release.version} in ${nameOf(run)}` },
    [{ ...place(run), rollout, release, previous: deployUndo(run.undo)?.previous ?? null, key: stepKey(rollout, run.input, attempt, step, 'do') }],
  );
}
