import { log } from '@temporalio/workflow';
import { canonical } from '../../src/rollout/canonical.js';
import { isExpected } from '../failures.js';
import type { CalendarState } from '../messages/calendar.js';
import { subscriptions } from '../timeouts.js';
import { changeLedger, type PipelineRun } from './run.js';

/** Asks the calendar to be told of freezes and blocks; it tells those there are at once, and every change from then on. */
export async function subscribe(run: PipelineRun): Promise<void> {
  try {
    const question = { pipeline: run.ledger.name };
    await subscriptions.subscribeToCalendar.executeWithOptions({ summary: 'tell me of freezes and blocks' }, [question]);
  } catch (error) {
    if (!isExpected(error)) throw error;
    log.warn('the calendar could not be asked to tell of freezes and blocks', { error: String(error) });
  }
}

/** What the calendar says of this pipeline, whole. */
export function takeCalendar(run: PipelineRun, { freezes, blocks }: CalendarState): void {
  const { ledger } = run;
  if (canonical({ freezes, blocks }) === canonical({ freezes: ledger.freezes, blocks: ledger.blocks })) return;
  changeLedger(run, { ...ledger, freezes, blocks });
}
