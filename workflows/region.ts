import { CancellationScope } from '@temporalio/workflow';
import { deployRelease } from './region/deploy.js';
import { passGates } from './region/gates.js';
import { openRegion, patch, now, type RegionInput, type RegionResult, type RegionRun } from './region/run.js';
import { soakUntilDecided } from './region/soak.js';
import { takeBack } from './region/undo.js';
import { verifyRelease } from './region/verify.js';

/**
 * One region's saga: gate → deploy → verify → soak. Each step's undo is recorded before the step runs. What fails, or is stopped
 * half-way, is undone here, in reverse; what went well leaves its list of undos to the rollout.
 */
export async function region(input: RegionInput): Promise<RegionResult> {
  const run = openRegion(input);
  try {
    await passGates(run);
    await deployRelease(run);
    await verifyRelease(run);
    await soakUntilDecided(run);
  } catch (error) {
    await CancellationScope.nonCancellable(() => takeBack(run, error));
  }
  return resultOf(run);
}

/** The undo of a region that was live, as part of a rollback of the whole rollout. Cannot be cancelled. */
export async function undoRegion(input: RegionInput, before: RegionResult): Promise<RegionResult> {
  const run = openRegion(input, before);
  await CancellationScope.nonCancellable(() => takeBack(run));
  return resultOf(run);
}

function resultOf(run: RegionRun): RegionResult {
  patch(run, { finishedAt: now() });
  return { state: run.state, undo: run.undo };
}
