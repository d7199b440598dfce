import { log } from '@temporalio/workflow';
import { endRollout } from '../../src/rollout/pipeline/pipeline-line.js';
import { isExpected } from '../failures.js';
import { questions } from '../timeouts.js';
import { admitNext } from './line.js';
import { changeLedger, type PipelineRun } from './run.js';

/** However many come at once, the holder is looked for once in this time (ms). */
const onceIn = 10_000;

/** Somebody waits for a holder: one that was terminated cannot say that it has ended. */
export function doubtHolders(run: PipelineRun): void {
  if (Date.now() - run.lookedForHoldersAt >= onceIn) run.doubtsHolders = true;
}

/** Frees what is held by rollouts that are no more. */
export async function freeTheLost(run: PipelineRun): Promise<void> {
  run.doubtsHolders = false;
  run.lookedForHoldersAt = Date.now();
  const holders = run.ledger.running.map(({ rollout }) => rollout);
  if (holders.length === 0) return;
  const open = await stillOpen(holders);
  const lost = holders.filter((holder) => !open.includes(holder));
  if (lost.length === 0) return;
  log.warn('freed the environments of rollouts that are no more', { lost });
  changeLedger(run, lost.reduce(endRollout, run.ledger));
  admitNext(run);
}

/** All of them when nobody can say: none is freed by guesswork. */
async function stillOpen(holders: string[]): Promise<string[]> {
  try {
    return await questions.openRollouts.executeWithOptions({ summary: `are ${holders.join(', ')} still there?` }, [holders]);
  } catch (error) {
    if (!isExpected(error)) throw error;
    log.warn('nobody could say whether the holders are still there', { holders, error: String(error) });
    return holders;
  }
}
