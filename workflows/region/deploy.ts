import { stepKey } from '../../src/rollout/ids.js';
import { stepDeadlineMs } from '../../src/rollout/settings.js';
import { steps } from '../timeouts.js';
import { mayProceed } from './proceed.js';
import { move, nameOf, patch, place, tellBoard, type RegionRun } from './run.js';

/** Puts the release into the region. Its undo is on the list before the region is touched. */
export async function deployRelease(run: RegionRun): Promise<void> {
  const { rollout, environment, region, attempt, release, settings } = run.input;
  const previous = await steps.currentRelease(place(run));
  patch(run, { previous: previous?.version ?? null, release: previous?.version ?? null });
  await mayProceed(run);

  const keyOf = (direction: 'do' | 'undo'): string => stepKey(rollout, environment, region, attempt, 'deploy', direction);
  run.undo.push({ step: 'deploy', from: release, previous, key: keyOf('undo') });
  move(run, 'deploy');
  await tellBoard(run, { status: 'changing', release: previous });
  await steps.deployRegion.executeWithOptions(
    { scheduleToCloseTimeout: stepDeadlineMs(settings.target), summary: `${release.version} to ${nameOf(run)}` },
    [{ ...place(run), rollout, release, previous, key: keyOf('do') }],
  );
  patch(run, { release: release.version });
}
