import { placeOf } from '../../src/rollout/places.js';
import { hasRecovered, nextHolding } from '../../src/rollout/states/recovery.js';
import { holdPastBudget } from './error-budget.js';
import { clearFailure, move, note, setFailure, tellPeople } from './record.js';
import type { RolloutRun } from './run.js';

/** A region that held the rollout goes on by itself, or a person has let it through. */
export function recover(run: RolloutRun): void {
  if (!hasRecovered(run.view)) return holdByNext(run);
  if (run.holds.block !== null) return;
  clearFailure(run);
  note(run, { kind: 'region', text: 'what held the rollout is over: it goes on' });
  move(run, 'region-recovered');
  if (run.isPaused) move(run, 'pause');
  if (run.view.waitingFor.length > 0) move(run, 'gate-closed');
  holdPastBudget(run);
}

/** Others hold it still: people read which, and are told. */
function holdByNext(run: RolloutRun): void {
  const next = nextHolding(run.view);
  if (next?.failure === undefined) return;
  setFailure(run, next.failure);
  note(run, { kind: 'held', ...placeOf(next), text: `held still: ${next.failure.message}` });
  tellPeople(run, 'held');
}
