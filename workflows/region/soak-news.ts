import { condition } from '@temporalio/workflow';
import { gateKey } from '../../src/rollout/control/gates.js';
import { placeOf } from '../../src/rollout/places.js';
import type { WaitingFor } from '../../src/rollout/schema/rollout.js';
import type { SoakFinding, SoakNews } from '../messages/region.js';
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
 * Tells the rollout when the soak begins to hold it, or a person is asked, and when that is over: nothing new starts meanwhile. And once,
 * that it takes longer than it was meant to, or has cost what the rollout may. Runs beside the soak.
 */
export async function tellOfHolds(run: RegionRun): Promise<never> {
  for (;;) {
    await condition(() => stateOf(run) !== run.soak.told);
    const before = run.soak.told;
    run.soak.told = stateOf(run);
    const text = `${nameOf(run)} ${says(run)}`;
    if (holds(run.soak.told)) await report(run, text, { waitingFor: waiting(run) });
    else if (holds(before)) await report(run, text, { leftGate: soakKey(run) });
    else if (isFirst(run)) await report(run, text);
    run.soak.noted.add(run.soak.told);
  }
}

/** The soak is over, and with it whatever it held. */
export async function leaveHold(run: RegionRun): Promise<void> {
  run.soak.isAsked = false;
  if (holds(run.soak.told)) await report(run, `${nameOf(run)} holds the rollout no more`, { leftGate: soakKey(run) });
}

const extended = 'extended';
/** Whether others may begin then is the rollout's to say, which adds up what all have cost. */
const spent = 'the budget is spent';
const holds = (told: string | undefined): boolean => told !== undefined && told !== extended && told !== spent;

/** What holds nothing is told once: what comes and goes would be an event each time. */
const isFirst = ({ soak: { told, noted } }: RegionRun): boolean => told !== undefined && !noted.has(told);

function says({ soak: { told }, state: { soak } }: RegionRun): string {
  if (told === undefined) return 'soaks on';
  if (told === spent) return `soaks on: ${soak!.explanation}`;
  return `${told === extended ? 'is not proven safe yet' : 'holds the rollout'}: ${soak!.explanation}`;
}

/** Why the soak keeps others from starting, or that it is extended, as a word that changes with the reason; undefined when there is nothing to tell. */
function stateOf({ holds: { drained }, state: { status, soak }, soak: { isAsked, told } }: RegionRun): string | undefined {
  if (isAsked) return 'a person is asked';
  // Being held says it all, and takes nothing back: the soak holds the rollout as before.
  if (status === 'held') return told;
  if (status !== 'soaking' || soak === undefined) return undefined;
  const { decision, cause } = soak;
  if (cause === 'budget') return spent;
  // Nobody is served there: that it is silent says nothing.
  if (drained !== null && cause !== 'evidence') return undefined;
  if (decision === 'hold' || decision === 'no-data' || cause !== undefined) return `${decision} ${cause}`;
  return decision === 'extend' ? extended : undefined;
}

const waiting = (run: RegionRun): WaitingFor => ({
  ...placeOf(run.input), gate, type: 'soak', since: now(), ...(run.soak.isAsked && { asks: true }),
  needs: run.soak.isAsked ? `somebody to approve or reject it, with a reason (${run.state.soak!.explanation})` : run.state.soak!.explanation,
});
