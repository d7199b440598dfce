import { needsAnswer } from '../../src/rollout/states/rehearsal.js';
import { isPastBudget } from './error-budget.js';
import { clearFailure, move } from './record.js';
import type { RolloutRun } from './run.js';

/** The region that held the rollout goes on by itself, or a person has let it through: unless another one needs an answer, so does the rollout. */
export function recover(run: RolloutRun): void {
  const { status, regions } = run.view;
  if (status !== 'held' || run.holds.block !== null || isPastBudget(run) || regions.some((region) => needsAnswer.includes(region.status))) return;
  clearFailure(run);
  move(run, 'region-recovered');
  if (run.isPaused) move(run, 'pause');
  if (run.view.waitingFor.length > 0) move(run, 'gate-closed');
}
