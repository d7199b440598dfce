import { hasRecovered } from '../../src/rollout/states/recovery.js';
import { holdPastBudget } from './error-budget.js';
import { clearFailure, move, note } from './record.js';
import type { RolloutRun } from './run.js';

/** A region that held the rollout goes on by itself, or a person has let it through. */
export function recover(run: RolloutRun): void {
  if (run.holds.block !== null || !hasRecovered(run.view)) return;
  clearFailure(run);
  note(run, { kind: 'region', text: 'what held the rollout is over: it goes on' });
  move(run, 'region-recovered');
  if (run.isPaused) move(run, 'pause');
  if (run.view.waitingFor.length > 0) move(run, 'gate-closed');
  holdPastBudget(run);
}
