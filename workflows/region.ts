import { CancellationScope, setHandler } from '@temporalio/workflow';
import { soakNewsSignal } from './messages/region.js';
import { contractSchema } from './region/contract.js';
import { expandSchema } from './region/expand.js';
import { deployRelease, prepareUndo } from './region/deploy.js';
import { passGates } from './region/gates.js';
import { LeftAlone } from './region/proceed.js';
import { rehearseUndo } from './region/rehearse.js';
import { openRegion, patch, now, type RegionInput, type RegionResult, type RegionRun } from './region/run.js';
import { soakUntilDecided } from './region/soak.js';
import { takeNews } from './region/soak-news.js';
import { takeBack } from './region/undo.js';
import { verifyRelease } from './region/verify.js';

/**
 * One region's saga: gate → expand → deploy → verify → soak. Each step's undo is recorded before the step runs. What fails, or is stopped
 * half-way, is undone here, in reverse; what went well leaves its list of undos to the rollout.
 */
export async function region(input: RegionInput): Promise<RegionResult> {
  const run = openRegion(input);
  setHandler(soakNewsSignal, (news) => takeNews(run, news));
  try {
    await ship(run);
  } catch (error) {
    const isLeft = error instanceof LeftAlone;
    if (isLeft) patch(run, { note: error.message });
    await CancellationScope.nonCancellable(() => takeBack(run, isLeft ? undefined : error));
  }
  return resultOf(run);
}

async function ship(run: RegionRun): Promise<void> {
  if (run.input.work === 'contract') return contract(run);
  await passGates(run);
  await expandSchema(run);
  if (run.input.work === 'expand') return;
  // All gates are open in the moment in which it begins, however long the way there was.
  do await passGates(run);
  while (!(await prepareUndo(run)));
  const changedAt = now();
  await deployRelease(run);
  await verifyRelease(run);
  const deployMs = Date.now() - Date.parse(changedAt);
  if (run.input.rehearse && !(await rehearseUndo(run))) return;
  await soakUntilDecided(run, { changedAt, deployMs });
}

/** The code stays, and the schema loses what it no longer needs: it must be as well as before. */
async function contract(run: RegionRun): Promise<void> {
  const changedAt = now();
  await contractSchema(run);
  await verifyRelease(run);
  await soakUntilDecided(run, { changedAt });
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
