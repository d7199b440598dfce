import { condition } from '@temporalio/workflow';
import type { Baseline } from '../messages/pipeline.js';
import { placeOf } from '../../src/rollout/places.js';
import type { Release } from '../../src/rollout/schema/release.js';
import { steps } from '../timeouts.js';
import { clearFailure, fail, move, nameOf, patch, place, report, tellBoard, type RegionRun } from './run.js';
import { isGivenUp, leaveIfInVain } from './proceed.js';

export interface Found {
  release: Release | null;
  /** Somebody else had put it there, and a person, or the policy, has taken it as what was before. */
  isAccepted: boolean;
  /** A person was waited for. */
  hadToWait: boolean;
}

/**
 * What runs in the region before anything is changed. When that is not what the board says, somebody else has changed it: it is never
 * overwritten silently, and the region is held until a person accepts it, unless the policy does.
 */
export async function settleBaseline(run: RegionRun): Promise<Found> {
  for (let hadToWait = false; ; ) {
    const { release, board } = await lookAround(run);
    const isAccepted = run.accepted !== undefined && run.accepted.release?.version === release?.version;
    if (isAccepted || !hasDrifted(run, board, release)) return { release, isAccepted, hadToWait };
    hadToWait = run.input.staleBaseline === 'hold';
    if (hadToWait) await holdUntilAccepted(run, board, release);
    await tellBoard(run, { status: release ? 'live' : 'empty', release });
    run.accepted = { release };
  }
}

/** What runs there, and what the board knows of it. */
async function lookAround(run: RegionRun): Promise<{ release: Release | null; board: Baseline | null }> {
  const release = await steps.currentRelease(place(run));
  const version = release?.version ?? null;
  patch(run, { previous: version, release: version });
  return { release, board: await steps.baseline({ pipeline: run.input.pipeline, ...placeOf(run.input), not: run.input.release.version }) };
}

/**
 * Only where the board is sure: a change that was half done, or a region that a person has taken over, is not held against anybody. Nothing
 * there is nobody's change: a crash leaves that.
 */
function hasDrifted(run: RegionRun, board: Baseline | null, found: Release | null): boolean {
  if (board === null || found === null || !['live', 'soaking', 'empty'].includes(board.onBoard.status)) return false;
  return found.version !== run.input.release.version && found.version !== board.onBoard.release;
}

async function holdUntilAccepted(run: RegionRun, board: Baseline | null, found: Release | null): Promise<void> {
  const message = `${nameOf(run)} runs ${found?.version ?? 'nothing'}, and the board says ${board?.onBoard.release ?? 'nothing'}: somebody else has changed it. `
    + 'Resume to take what is there as what was before, or rollback or abort.';
  fail(run, { code: 'Drift', message });
  move(run, 'drift');
  run.inbox = [];
  await report(run, `${nameOf(run)} is held: ${message}`);
  await condition(() => isGivenUp(run) || run.inbox.some(({ kind }) => kind === 'resume'));
  leaveIfInVain(run);
  clearFailure(run);
  move(run, 'accept');
}
