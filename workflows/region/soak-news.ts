import { condition } from '@temporalio/workflow';
import { gateKey } from '../../src/rollout/control/gates.js';
import { placeOf } from '../../src/rollout/places.js';
import type { WaitingFor } from '../../src/rollout/schema/rollout.js';
import type { SoakFinding, SoakNews } from '../messages.js';
import { nameOf, now, patch, report, type RegionRun } from './run.js';

/** From the watch. What is late, or of a soak that is over, changes nothing; of what is told again, the last telling counts. */
export function takeNews(run: RegionRun, { soak, number, verdict }: SoakNews): void {
  if (run.state.soak?.startedAt !== soak || number < run.soak.news) return;
  run.soak.news = number;
  if (verdict !== undefined) take(run, verdict);
}

/** What the judge says from now on. */
export function take(run: RegionRun, verdict: SoakFinding): void {
  const { cause: _cause, needs: _needs, ...soak } = run.state.soak!;
  patch(run, { soak: { ...soak, ...verdict } });
}

const gate = 'soak';
const soakKey = ({ input }: RegionRun): string => gateKey({ ...placeOf(input), gate });

/**
 * Tells the rollout when the soak begins to hold it, or a person is asked, and when that is over: nothing new starts meanwhile. Runs
 * beside the soak.
 */
export async function tellOfHolds(run: RegionRun): Promise<never> {
  for (;;) {
    await condition(() => holdOf(run) !== run.soak.told);
    run.soak.told = holdOf(run);
    if (run.soak.told === undefined) await stopHolding(run);
    else await report(run, `${nameOf(run)} holds the rollout: ${run.state.soak!.explanation}`, { waitingFor: waiting(run) });
  }
}

/** The soak is over, and with it whatever it held. */
export async function leaveHold(run: RegionRun): Promise<void> {
  run.soak.isAsked = false;
  if (run.soak.told !== undefined) await stopHolding(run);
}

const stopHolding = (run: RegionRun): Promise<void> => report(run, `${nameOf(run)} holds the rollout no more`, { leftGate: soakKey(run) });

/** Why the soak keeps others from starting, as a word that changes with the reason; undefined when it does not. */
function holdOf({ state: { status, soak }, soak: { isAsked } }: RegionRun): string | undefined {
  if (isAsked) return 'a person is asked';
  if (status !== 'soaking' || soak === undefined) return undefined;
  const { decision, cause } = soak;
  const holds = decision === 'hold' || decision === 'no-data' || (decision === 'extend' && cause !== undefined);
  return holds ? `${decision} ${cause}` : undefined;
}

const waiting = (run: RegionRun): WaitingFor => ({
  ...placeOf(run.input), gate, type: 'soak', since: now(),
  needs: run.soak.isAsked ? `somebody to approve or reject it, with a reason (${run.state.soak!.explanation})` : run.state.soak!.explanation,
});
