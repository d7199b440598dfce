import { stepKey } from '../../src/rollout/ids.js';
import { stepDeadlineMs } from '../../src/rollout/settings.js';
import { steps } from '../timeouts.js';
import { mayProceed } from './proceed.js';
import { move, nameOf, place, type RegionRun } from './run.js';

/** Is the release really there, ready and healthy? */
export async function verifyRelease(run: RegionRun): Promise<void> {
  const { rollout, environment, region, attempt, release, settings } = run.input;
  await mayProceed(run);
  move(run, 'verify');
  await steps.verifyRegion.executeWithOptions(
    { scheduleToCloseTimeout: stepDeadlineMs(settings.target), summary: `${release.version} in ${nameOf(run)}` },
    [{ ...place(run), rollout, release, previous: run.undo.at(-1)?.previous ?? null, key: stepKey(rollout, environment, region, attempt, 'verify', 'do') }],
  );
}
