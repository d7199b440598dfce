import { budgetLeft, budgetMessage, spentOf, withCost } from '../../src/rollout/evidence/error-budget.js';
import type { RegionState } from '../../src/rollout/schema/rollout.js';
import type { RolloutStatus } from '../../src/rollout/states/statuses.js';
import { change, move, note, setFailure, tellPeople } from './record.js';
import type { RolloutRun } from './run.js';

/** Whatever else holds the rollout comes first; when it goes on the budget is looked at again. */
const goesForward: readonly RolloutStatus[] = ['running', 'waiting', 'paused'];

/** Bad requests that the release may still cost; null where the pipeline gives no budget. */
export const leftOf = ({ costs, budgetLimit }: RolloutRun): number | null => (budgetLimit === null ? null : budgetLeft(costs, budgetLimit));

/** Counts what a region says that the release has cost there, and holds the rollout once that is more than it may. */
export function countCost(run: RolloutRun, state: RegionState): void {
  if (run.budgetLimit === null) return;
  run.costs = withCost(run.costs, state);
  const spent = spentOf(run.costs).requests;
  if (spent !== run.view.budget?.spent) change(run, { budget: { spent, limit: run.budgetLimit } });
  holdPastBudget(run);
}

/** Holds a rollout that goes forward, and has cost more than it may. */
export function holdPastBudget(run: RolloutRun): void {
  const { budgetLimit: limit, input: { release, document: { policy: { errorBudget } } } } = run;
  const spent = spentOf(run.costs);
  if (limit === null || errorBudget === undefined || spent.requests <= limit) return;
  if (run.goal !== undefined || !goesForward.includes(run.view.status)) return;
  const message = budgetMessage(release.version, spent, limit, errorBudget);
  run.isBudgetTold = true;
  setFailure(run, { code: 'ErrorBudgetSpent', message });
  move(run, 'region-failed');
  note(run, { kind: 'held', text: `held: ${message}` });
  tellPeople(run, 'held');
}

/**
 * A person who knows that the budget is spent goes on: the release may cost as much again before the rollout is held for that once more. Whoever goes on
 * after anything else has not been asked about that yet.
 */
export function goOnPastBudget(run: RolloutRun, by: string): void {
  const { budgetLimit: limit, input: { document: { policy: { errorBudget } } } } = run;
  if (limit === null || errorBudget === undefined || !run.isBudgetTold) return;
  run.isBudgetTold = false;
  const { requests } = spentOf(run.costs);
  if (requests <= limit) return;
  run.budgetLimit = requests + errorBudget;
  change(run, { budget: { spent: requests, limit: run.budgetLimit } });
  note(run, {
    kind: 'decision', by,
    text: `goes on though ${Math.round(requests)} bad requests are more than the ${Math.round(limit)} that it might cost; held again past ${Math.round(run.budgetLimit)}`,
  });
}
