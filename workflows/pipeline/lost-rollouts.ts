import { log } from '@temporalio/workflow';
import { endRollout } from '../../src/rollout/pipeline-ledger.js';
import { questions } from '../timeouts.js';
import { admitNext, changeLedger, type PipelineRun } from './run.js';

/** Frees what is held by rollouts that are no more: one that was terminated cannot say that it has ended. */
export async function freeTheLost(run: PipelineRun): Promise<void> {
  const holders = [...new Set(Object.values(run.ledger.locks))];
  if (holders.length === 0) return;
  const open = await questions.openRollouts.executeWithOptions({ summary: `are ${holders.join(', ')} still there?` }, [holders]);
  const lost = holders.filter((holder) => !open.includes(holder));
  if (lost.length === 0) return;
  log.warn('freed the environments of rollouts that are no more', { lost });
  changeLedger(run, lost.reduce(endRollout, run.ledger));
  admitNext(run);
}
