import { condition, isCancellation } from '@temporalio/workflow';
import { MeridianFailure } from '../../src/rollout/failure.js';
import { placeOf } from '../../src/rollout/places.js';
import type { Decision, DecisionKind } from '../../src/rollout/schema/decision.js';
import type { Release } from '../../src/rollout/schema/release.js';
import { undoOrder, type DeployUndo, type RegionUndo } from '../../src/rollout/states/undo.js';
import { failureOf, isExpected } from '../failures.js';
import { undos } from '../timeouts.js';
import { leaveContracted } from './contract.js';
import { takeSchemaBack } from './undo-schema.js';
import { fail, move, nameOf, patch, place, report, tellBoard, type RegionRun } from './run.js';

/**
 * Undoes what this region has done, in reverse order, to its end: an undo that does not work makes the region stuck until a person
 * answers retry or skip. Runs in a non-cancellable scope. `error` is what led here; none when the whole rollout goes back.
 */
export async function takeBack(run: RegionRun, error?: unknown): Promise<void> {
  if (error !== undefined && !isExpected(error)) throw error;
  if (error !== undefined && !isCancellation(error)) fail(run, failureOf(error, `${run.state.status} ${nameOf(run)}`));
  if (run.undo.length === 0) return leaveUntouched(run);

  move(run, 'undo');
  await report(run, `${nameOf(run)} goes back${run.state.failure ? `: ${run.state.failure.message}` : ''}`);
  for (const undo of undoOrder(run.undo)) {
    if (!(await undoUntilDone(run, undo))) return;
    run.undo = run.undo.filter((each) => each !== undo);
  }
  move(run, 'undone');
}

async function leaveUntouched(run: RegionRun): Promise<void> {
  if (run.input.work === 'contract' && run.isContracting) return leaveContracted(run);
  move(run, run.state.failure ? 'fail' : 'leave');
}

/** True when the undo has worked; false when a person has taken it over. */
export async function undoUntilDone(run: RegionRun, undo: RegionUndo): Promise<boolean> {
  for (let overwrite = false; ; ) {
    const stuck = await tryUndo(run, undo, overwrite);
    if (stuck === undefined) return true;
    const answer = await askPerson(run, undo, stuck);
    if (answer.kind === 'skip') return giveUp(run, undo, answer.decision);
    // Whoever was told that somebody else has changed the region, and says retry, wants it overwritten.
    overwrite ||= failureOf(stuck, '').code === 'Drift';
    move(run, 'retry');
  }
}

/** The failure of an undo that did not work within its time, or undefined. */
async function tryUndo(run: RegionRun, undo: RegionUndo, overwrite: boolean): Promise<unknown> {
  try {
    await (undo.step === 'deploy' ? putBack(run, undo, overwrite) : takeSchemaBack(run, undo));
    return undefined;
  } catch (error) {
    if (!isExpected(error)) throw error;
    return error;
  }
}

async function putBack(run: RegionRun, undo: DeployUndo, overwrite: boolean): Promise<void> {
  const { rollout, settings } = run.input;
  const to = await undoTarget(run, undo);
  await undos.undoRegion.executeWithOptions(
    { scheduleToCloseTimeout: settings.undoTimeoutMs, summary: `${nameOf(run)} from ${undo.from.version} back to ${to?.version ?? 'nothing'}` },
    [{ ...place(run), rollout, from: undo.from, to, previous: undo.previous?.version ?? null, overwrite, key: undo.key }],
  );
  patch(run, { release: to?.version ?? null });
  await tellBoard(run, { status: to ? 'live' : 'empty', release: to, revoked: undo.from.version });
}

/** What an undo puts back. Read now, not when the rollout started: somebody may have verified something better, or revoked it. */
async function undoTarget(run: RegionRun, undo: DeployUndo): Promise<Release | null> {
  if (undo.isAccepted) return undo.previous;
  const board = await undos.baseline({ pipeline: run.input.pipeline, ...placeOf(run.input), not: undo.from.version });
  return board?.good ?? foundBefore(run, undo);
}

/** What ran before, where the board knows nothing good. The release that is taken away is never its own cure: a person must say. */
function foundBefore(run: RegionRun, { previous, from }: DeployUndo): Release | null {
  if (previous?.version !== from.version) return previous;
  throw new MeridianFailure('UndoFailed',
    `${from.version} ran in ${nameOf(run)} before as well, and no other release is known to be good there. Ship one that is, or skip with a reason`);
}

async function askPerson(run: RegionRun, undo: RegionUndo, stuck: unknown): Promise<{ kind: DecisionKind; decision: Decision }> {
  const cause = failureOf(stuck, `the undo of ${nameOf(run)}`);
  const first = run.state.failure ? ` It was undone because: ${run.state.failure.message}` : '';
  fail(run, { code: 'UndoFailed', message: `The undo of ${nameOf(run)} does not work: ${cause.message}${first}` });
  move(run, 'undo-stuck');
  run.inbox = [];
  if (undo.step === 'deploy') await tellBoard(run, { status: 'stuck', release: undo.from });
  await report(run, `${nameOf(run)} is stuck: ${cause.message}`);
  const isAnswer = (message: { kind: DecisionKind }): boolean => message.kind === 'retry' || message.kind === 'skip';
  await condition(() => run.inbox.some(isAnswer));
  return run.inbox.find(isAnswer)!;
}

/** Whatever is there is a person's now; the release that was to be taken away is not verified there any more. */
async function giveUp(run: RegionRun, undo: RegionUndo, decision: Decision): Promise<false> {
  run.undo = [];
  const [what, rest] = undo.step === 'deploy'
    ? [undo.from.version, 'What runs there is theirs to mend']
    : [`the ${undo.step} of ${undo.migrations.join(' and ')}`, 'The schema there is theirs to mend'];
  fail(run, { code: 'UndoFailed', message: `${decision.by} skipped the undo of ${what} in ${nameOf(run)}: ${decision.reason ?? 'no reason given'}. ${rest}.` });
  move(run, 'skip');
  if (undo.step === 'deploy') await tellBoard(run, { status: 'stuck', release: undo.from, revoked: undo.from.version });
  return false;
}
